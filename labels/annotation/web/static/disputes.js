// Pages that two or more have labelled.

import { get, visit } from "./api.js";
import { bar, busy, count, h, keyOf, kbd } from "./dom.js";

function show({ corpus, pages }) {
  let cursor = 0;
  const open = (at) => visit("resolve", pages[at].id);
  const rows = pages.map((page, at) =>
    h("tr", { onclick: () => open(at) },
      h("td", {}, h("a", { href: `/resolve/${encodeURIComponent(page.id)}` }, page.id)),
      h("td", {}, page.annotators.join(", ")),
      h("td", { class: "n" }, String(page.disputed)),
      h("td", {}, page.disputed === 0 ? "they agree" : page.open ? `${page.open} open` : h("span", { class: "badge gold" }, "decided"))));
  document.title = `disputes · ${corpus} · bench label`;
  document.body.append(
    bar(h("a", { class: "back", href: "/" }, "‹ Pages"), corpus, ["disputes"], h("span", { class: "space" }),
      h("span", { class: "who" }, document.body.dataset.annotator)),
    h("main", { class: "queue" },
      h("div", { class: "totals" }, h("p", {}, pages.length
        ? `${count(pages.length, "page")} labelled by two or more`
        : "No page has two drafts yet.")),
      pages.length ? h("div", { class: "tools" }, h("span", { class: "hint" }, kbd("j"), kbd("k"), " move ", kbd("Enter"), " open")) : null,
      pages.length ? h("div", { class: "scroll" }, h("table", {},
        h("thead", {}, h("tr", {}, ["Page", "Annotators", "Disputed lines", "State"].map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, rows))) : null));
  const move = (to) => {
    rows[cursor]?.classList.remove("cursor");
    cursor = Math.max(0, Math.min(rows.length - 1, to));
    rows[cursor]?.classList.add("cursor");
    rows[cursor]?.scrollIntoView({ block: "nearest" });
  };
  move(0);
  document.addEventListener("keydown", (event) => {
    if (busy(event)) return;
    const key = keyOf(event);
    if (key === "j" || key === "ArrowDown") move(cursor + 1);
    else if (key === "k" || key === "ArrowUp") move(cursor - 1);
    else if (key === "q") location.assign("/");
    else if (key === "Enter" && pages.length && !event.target.matches?.("a")) open(cursor);
    else return;
    event.preventDefault();
  });
  document.body.dataset.ready = "yes";
}

get("/api/disputes").then(show, (error) => document.body.append(h("p", { class: "fatal" }, error.message)));
