// Elements from plain values; text is always text, never markup.

/** Make an element: properties by name, `data-*` and `aria-*` as attributes, `on*` as listeners. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  if (tag === "button") element.type = "button";
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name in element && !name.includes("-") && name !== "role") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/** A key as it is shown on a keyboard. */
export const kbd = (text) => h("kbd", {}, text);

/** "1 line", "3,000 lines". */
export function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/**
 * The key of an event by what is printed on it: a Latin letter even while a Korean, Japanese or
 * Russian layout is on.
 */
export function keyOf(event) {
  if (/^[\x21-\x7e]$/.test(event.key)) return event.key.toLowerCase();
  const found = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(event.code ?? "");
  if (event.key.length === 1 || event.key === "Process" || event.key === "Unidentified") {
    if (found) return (found[1] ?? found[2]).toLowerCase();
    if (event.code === "Slash") return event.shiftKey ? "?" : "/";
  }
  return event.key;
}

/** Whether keys belong to something else: a field, a dialog, the browser. */
export function busy(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  if (document.querySelector("dialog[open]")) return true;
  return event.target.matches?.("input, select, textarea") ?? false;
}

/** The label chip of a line: colour and letter, and the name where there is room. */
export function chip(label, decided = true) {
  return h(
    "span",
    { class: `chip ${decided ? "decided" : "proposed"}`, "data-label": label.name },
    h("b", { "aria-hidden": "true" }, label.key === "-" ? "?" : label.key.toUpperCase()),
    h("span", { class: "name" }, label.name),
  );
}

/** The bar at the top of a view; what is missing in `facts` is left out. */
export function bar(back, title, facts, ...rest) {
  return h("header", { class: "bar" }, back, h("h1", {}, title),
    h("span", { class: "facts" }, facts.filter(Boolean).map((fact) => h("span", {}, fact))), ...rest);
}

/** All labels as buttons. */
export function legend(labels, choose) {
  return h("div", { class: "legend", role: "toolbar", "aria-label": "Labels" }, labels.map((label) =>
    h("button", { title: label.what, tabIndex: -1, "data-key": label.key, onclick: () => choose(label.key) }, chip(label))));
}

/** A narrow meter with a text above. */
export function progress() {
  const element = h("span", { class: "progress" }, h("i"), h("span"));
  element.show = (share, text) => {
    element.children[0].style.setProperty("--done", `${100 * share}%`);
    element.children[1].textContent = text;
  };
  return element;
}

/** What stands for a line that nobody has labelled. */
export const NONE = { name: "none", key: "-", role: "none", what: "no label yet" };

/** A dialog over the page; it is gone when it is closed. */
export function dialog(className, ...children) {
  const element = h("dialog", { class: className }, ...children);
  element.addEventListener("close", () => element.remove());
  element.addEventListener("click", (event) => {
    if (event.target === element) element.close();
  });
  document.body.append(element);
  element.showModal();
  return element;
}

/** Say something for a moment, aloud too. */
export function toast(text, kind = "note") {
  let box = document.querySelector(".toasts");
  if (!box) {
    box = h("div", { class: "toasts", role: "alert" });
    document.body.append(box);
  }
  const note = h("div", { class: `toast ${kind}` }, text);
  box.replaceChildren(note);
  setTimeout(() => note.remove(), kind === "error" ? 8000 : 3500);
}
