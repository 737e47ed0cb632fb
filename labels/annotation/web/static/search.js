// Searching the lines.

import { h } from "./dom.js";

const plain = (text) => text.normalize("NFKC").toLowerCase();

export class Search {
  constructor(list) {
    this.list = list;
    this.texts = list.texts.map(plain);
    this.found = [];
    this.input = h("input", {
      type: "search", placeholder: "Search the lines", "aria-label": "Search the lines",
      autocomplete: "off", spellcheck: false,
    });
    this.status = h("span", { class: "found", role: "status" });
    this.element = h("div", { class: "search", hidden: true }, this.input, this.status);
    this.input.addEventListener("input", () => this.look());
    this.input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter") {
        event.preventDefault();
        this.go(event.shiftKey ? -1 : 1);
      } else if (event.key === "Escape") {
        event.preventDefault();
        this.close();
      }
    });
  }

  open() {
    this.element.hidden = false;
    this.from = this.list.cursor;
    this.input.focus();
    this.input.select();
  }

  close() {
    this.element.hidden = true;
    this.mark([]);
    this.list.element.focus();
  }

  look() {
    const wanted = plain(this.input.value.trim());
    const found = [];
    if (wanted) this.texts.forEach((text, line) => text.includes(wanted) && found.push(line));
    this.mark(found);
    const first = found.find((line) => line >= this.from) ?? found[0];
    if (first !== undefined) this.list.move(first, { scroll: "center" });
    this.showCount();
  }

  go(step) {
    if (!this.found.length) return;
    const at = this.found.indexOf(this.list.cursor);
    const next = this.found[(at + step + this.found.length) % this.found.length];
    this.list.move(next, { scroll: "center" });
    this.showCount();
  }

  mark(found) {
    for (const line of this.found) this.list.rows[line].classList.remove("hit");
    for (const line of found) this.list.rows[line].classList.add("hit");
    this.found = found;
  }

  showCount() {
    const at = this.found.indexOf(this.list.cursor);
    this.status.textContent = this.input.value
      ? this.found.length ? `${at + 1} of ${this.found.length}` : "nothing found" : "";
  }
}
