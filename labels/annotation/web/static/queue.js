// All pages: how far each is, and which is next.

import { get, visit } from "./api.js";
import { bar, busy, count, h, keyOf, kbd } from "./dom.js";

const ORDERS = [
  ["uncertain", "most uncertain first"],
  ["missed", "missed by all extractors first"],
  ["corpus", "as in the corpus"],
];
const AGAIN = 150;
const STATUS = { new: "not begun", draft: "draft", finished: "finished", gold: "gold" };

class Queue {
  constructor() {
    this.order = document.body.dataset.order;
    this.cursor = 0;
    this.rows = [];
    const { annotator, corpus } = document.body.dataset;
    this.totals = h("div", { class: "totals" });
    this.body = h("tbody");
    this.filter = h("input", { type: "search", placeholder: "Filter", "aria-label": "Filter the pages",
      oninput: () => this.draw() });
    this.filter.addEventListener("keydown", (event) => {
      if (event.key === "Escape" || event.key === "Enter") this.filter.blur();
    });
    this.choice = h("select", { "aria-label": "Order", onchange: () => {
      this.order = this.choice.value;
      this.choice.blur();
      this.load();
    } }, ORDERS.map(([value, text]) => h("option", { value, selected: value === this.order }, text)));
    document.title = `${corpus} · bench label`;
    document.body.append(
      bar(null, corpus, ["pages"], h("span", { class: "space" }),
        h("a", { href: "/resolve" }, "Disputes"), h("span", { class: "who" }, annotator)),
      h("main", { class: "queue" },
        this.totals,
        h("div", { class: "tools" }, this.choice, this.filter,
          h("span", { class: "hint" }, kbd("j"), kbd("k"), " move ", kbd("Enter"), " open ", kbd("/"), " filter ", kbd("o"), " order")),
        h("div", { class: "scroll" }, h("table", {},
          h("thead", {}, h("tr", {}, ["Page", "Language", "Type", "Lines", "State", "Decided", "Uncertain", "Entropy", "Missed by all"].map((name) => h("th", { scope: "col" }, name)))),
          this.body)),
      ),
    );
    document.addEventListener("keydown", (event) => this.key(event));
    this.load();
  }

  async load() {
    const order = this.order;
    try {
      this.data = await get(`/api/queue?order=${order}`);
    } catch (error) {
      this.totals.replaceChildren(h("p", { class: "fatal" }, error.message));
      return;
    }
    if (order !== this.order) return;
    this.draw();
    document.body.dataset.ready = this.data.pending ? "no" : "yes";
    if (this.data.pending) setTimeout(() => this.load(), AGAIN);
  }

  draw() {
    const { totals, pending } = this.data;
    const share = (part) => `${(100 * part) / (totals.pages || 1)}%`;
    this.totals.replaceChildren(
      h("div", { class: "meter", role: "img", "aria-label": `${totals.gold} of ${totals.pages} pages have gold` },
        h("i", { class: "gold" }), h("i", { class: "draft" })),
      h("p", {},
        h("b", {}, `${totals.gold} of ${totals.pages}`), " pages have gold · ",
        h("b", {}, String(totals.draft)), ` draft${totals.draft === 1 ? "" : "s"} · `,
        h("b", {}, totals.uncertain.toLocaleString("en")), " lines uncertain",
        pending ? ` · reading ${count(pending, "more page")}…` : ""),
    );
    const [gold, draft] = this.totals.querySelectorAll(".meter i");
    gold.style.width = share(totals.gold);
    draft.style.width = share(totals.draft);
    const wanted = this.filter.value.trim().toLowerCase();
    const pages = this.data.pages.filter((page) =>
      !wanted || [page.id, page.language, page.page_type, page.site, STATUS[page.status]].some((text) => text?.toLowerCase().includes(wanted)));
    const most = Math.max(0.0001, ...pages.map((page) => page.entropy));
    this.pages = pages;
    this.rows = pages.map((page, at) => this.row(page, at, most));
    this.body.replaceChildren(...this.rows);
    this.move(Math.min(this.cursor, Math.max(0, this.rows.length - 1)), false);
  }

  row(page, at, most) {
    const bar = h("span", { class: "entropy" }, h("i"));
    bar.firstChild.style.width = `${(100 * page.entropy) / most}%`;
    const share = page.lines ? Math.floor((100 * page.decided) / page.lines) : 0;
    return h("tr", { class: page.status, onclick: (event) => {
      if (!event.target.closest("a")) this.openPage(at);
    } },
    h("td", {}, h("a", { href: `/edit/${encodeURIComponent(page.id)}` }, page.id),
      page.problem ? h("span", { class: "problem", title: page.problem }, page.problem) : h("span", { class: "site" }, page.site ?? "")),
    h("td", {}, page.language ?? "–"),
    h("td", {}, page.page_type ?? "–", page.markup === "text" ? h("small", {}, " text") : null),
    h("td", { class: "n" }, page.lines.toLocaleString("en")),
    h("td", {}, h("span", { class: `badge ${page.status}` }, STATUS[page.status])),
    h("td", { class: "n" }, `${share} %`),
    h("td", { class: "n" }, page.uncertain ? String(page.uncertain) : "–"),
    h("td", { title: `${page.entropy.toFixed(3)} bits a line` }, bar),
    h("td", { class: "n" }, page.missed ? `⚑ ${page.missed}` : "–"));
  }

  move(at, scroll = true) {
    this.rows[this.cursor]?.classList.remove("cursor");
    if (!this.rows.length) return;
    this.cursor = Math.max(0, Math.min(this.rows.length - 1, at));
    this.rows[this.cursor].classList.add("cursor");
    if (scroll) this.rows[this.cursor].scrollIntoView({ block: "nearest" });
  }

  openPage(at) {
    if (this.pages[at]) visit("edit", this.pages[at].id);
  }

  key(event) {
    if (busy(event)) return;
    const actions = {
      j: () => this.move(this.cursor + 1),
      ArrowDown: () => this.move(this.cursor + 1),
      k: () => this.move(this.cursor - 1),
      ArrowUp: () => this.move(this.cursor - 1),
      Home: () => this.move(0),
      End: () => this.move(this.rows.length - 1),
      Enter: () => this.openPage(this.cursor),
      "/": () => this.filter.focus(),
      o: () => {
        const at = ORDERS.findIndex(([value]) => value === this.order);
        [this.order] = ORDERS[(at + 1) % ORDERS.length];
        this.choice.value = this.order;
        this.load();
      },
    };
    const action = actions[keyOf(event)];
    if (!action || (keyOf(event) === "Enter" && event.target.matches?.("a, button"))) return;
    event.preventDefault();
    action();
  }
}

new Queue();
