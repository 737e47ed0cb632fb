// Requests to the server: JSON in, JSON out, and errors with a remedy.

export class Refused extends Error {
  constructor(status, values) {
    super(values.error ?? "the server refused");
    this.status = status;
    this.values = values;
  }
}

export class Unreachable extends Error {}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, { ...options, redirect: "error" });
  } catch {
    throw new Unreachable("the server does not answer; is it still running?");
  }
  const text = await response.text();
  let values;
  try {
    values = JSON.parse(text);
  } catch {
    values = { error: text.slice(0, 300) || `the server answered ${response.status}` };
  }
  if (!response.ok) throw new Refused(response.status, values);
  return values;
}

export const get = (path) => request(path, {});

export const post = (path, values) =>
  request(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(values),
  });

/** The address of a page's data. */
export const pagePath = (id, what = "") => `/api/page/${encodeURIComponent(id)}${what}`;

/** Go to the view of a page. */
export const visit = (view, id) => location.assign(`/${view}/${encodeURIComponent(id)}`);
