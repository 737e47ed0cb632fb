// Talking to the server: JSON in, JSON out, and errors that say what to do.

export class Refused extends Error {
  constructor(status, told) {
    super(told.error ?? "the server refused");
    this.status = status;
    this.told = told;
  }
}

export class Unreachable extends Error {}

async function answer(path, options) {
  let response;
  try {
    response = await fetch(path, { ...options, redirect: "error" });
  } catch {
    throw new Unreachable("the server does not answer; is it still running?");
  }
  const text = await response.text();
  let told;
  try {
    told = JSON.parse(text);
  } catch {
    told = { error: text.slice(0, 300) || `the server answered ${response.status}` };
  }
  if (!response.ok) throw new Refused(response.status, told);
  return told;
}

export const get = (path) => answer(path, {});

export const post = (path, values) =>
  answer(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(values),
  });

/** The address of a page's data. */
export const pagePath = (id, what = "") => `/api/page/${encodeURIComponent(id)}${what}`;
