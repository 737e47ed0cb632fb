// The list of a page's lines: a cursor, a selection, and rows that follow the draft.

import { NONE, chip, h } from "./dom.js";

const EDGE = 36; // pixels at the list's ends where a drag scrolls

export class LineList extends EventTarget {
  /**
   * @param texts of the lines
   * @param look for a line: {label, decided, marks: [elements], uncertain}
   */
  constructor(texts, look, language) {
    super();
    this.texts = texts;
    this.look = look;
    this.cursor = 0;
    this.anchor = 0;
    this.element = h("div", {
      class: "lines",
      role: "listbox",
      tabIndex: 0,
      "aria-multiselectable": "true",
      "aria-label": "Lines of the page",
      lang: language || undefined,
    });
    const rows = document.createDocumentFragment();
    this.rows = texts.map((text, line) => {
      const row = h(
        "div",
        { class: "row", role: "option", id: `line-${line}`, "aria-selected": "false" },
        h("span", { class: "number" }, String(line + 1)),
        h("span", { class: "chip" }),
        h("span", { class: "text", dir: "auto" }, text),
        h("span", { class: "marks" }),
      );
      row.line = line;
      rows.append(row);
      return row;
    });
    texts.forEach((_, line) => this.paint(line));
    this.element.append(rows);
    this.selected = [0, -1];
    this.listen();
  }

  get selection() {
    const [first, last] = this.selected;
    return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
  }

  /** Show the present state of a line. */
  paint(line) {
    const row = this.rows[line];
    const { label, decided, marks, uncertain } = this.look(line);
    row.dataset.role = label.role;
    row.dataset.label = label.name;
    row.classList.toggle("uncertain", Boolean(uncertain));
    row.classList.toggle("undecided", !decided);
    row.children[1].replaceWith(chip(label ?? NONE, decided));
    row.children[3].replaceChildren(...marks);
  }

  /** Put the cursor on a line; the selection is that line, or reaches from the anchor to it. */
  move(line, { extend = false, scroll = "nearest" } = {}) {
    if (!this.rows.length) return;
    const target = Math.max(0, Math.min(this.rows.length - 1, line));
    if (!extend) this.anchor = target;
    this.place(target, Math.min(this.anchor, target), Math.max(this.anchor, target), scroll);
  }

  /** Select lines around the cursor, which stays where it is. */
  select(first, last) {
    this.anchor = first;
    this.place(this.cursor, first, last, null);
  }

  place(cursor, first, last, scroll) {
    this.rows[this.cursor].classList.remove("cursor");
    const [before, after] = this.selected;
    for (let line = before; line <= after; line += 1) {
      if (line < first || line > last) this.rows[line].setAttribute("aria-selected", "false");
    }
    for (let line = first; line <= last; line += 1) {
      if (line < before || line > after) this.rows[line].setAttribute("aria-selected", "true");
    }
    this.selected = [first, last];
    this.cursor = cursor;
    const row = this.rows[cursor];
    row.classList.add("cursor");
    this.element.setAttribute("aria-activedescendant", row.id);
    if (scroll) {
      row.scrollIntoView({ block: scroll });
      // Rows that were never seen only had an estimated height; now those around it are known.
      if (scroll === "center") requestAnimationFrame(() => row.scrollIntoView({ block: scroll }));
    }
    this.dispatchEvent(new CustomEvent("move", { detail: cursor }));
  }

  /** How many rows fit on the screen. */
  get page() {
    const height = this.rows[this.cursor]?.offsetHeight || 28;
    return Math.max(1, Math.floor((this.element.clientHeight * 0.85) / height));
  }

  listen() {
    let dragging = null;
    const rowAt = (event) => event.target.closest?.(".row");
    this.element.addEventListener("pointerdown", (event) => {
      const row = rowAt(event);
      if (!row || event.button !== 0) return;
      this.element.focus({ preventScroll: true });
      this.move(row.line, { extend: event.shiftKey });
      dragging = { y: event.clientY, timer: null };
      event.preventDefault();
    });
    const follow = (event) => {
      if (!dragging) return;
      dragging.y = event.clientY;
      const box = this.element.getBoundingClientRect();
      const inside = Math.max(box.top + 2, Math.min(box.bottom - 2, event.clientY));
      const row = document.elementFromPoint(box.left + 60, inside)?.closest(".row");
      if (row && row.line !== this.cursor) this.move(row.line, { extend: true, scroll: null });
    };
    window.addEventListener("pointermove", (event) => {
      if (!dragging) return;
      follow(event);
      dragging.timer ??= setInterval(() => {
        const box = this.element.getBoundingClientRect();
        const over = dragging.y - (box.bottom - EDGE);
        const under = box.top + EDGE - dragging.y;
        const by = over > 0 ? over : under > 0 ? -under : 0;
        if (by) {
          this.element.scrollTop += by / 2;
          follow({ clientY: dragging.y });
        }
      }, 30);
    });
    const end = () => {
      if (dragging) clearInterval(dragging.timer);
      dragging = null;
    };
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", end);
    window.addEventListener("blur", end);
  }
}

/** A narrow picture of all lines beside the list; a click goes there. */
export class LineMap {
  constructor(list, labelOf, isUncertain) {
    this.list = list;
    this.labelOf = labelOf;
    this.isUncertain = isUncertain;
    this.element = h("canvas", { class: "map", "aria-hidden": "true" });
    this.element.addEventListener("pointerdown", (event) => this.go(event));
    this.element.addEventListener("pointermove", (event) => event.buttons & 1 && this.go(event));
    new ResizeObserver(() => this.soon(true)).observe(this.element);
    list.element.addEventListener("scroll", () => this.soon(), { passive: true });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.colours = null;
      this.soon(true);
    });
  }

  go(event) {
    const share = event.offsetY / this.element.clientHeight;
    this.list.move(Math.floor(share * this.list.rows.length), { scroll: "center" });
    this.list.element.focus({ preventScroll: true });
  }

  /** Draw at the next frame; lines only look different if they have changed. */
  soon(changed = false) {
    if (changed) this.picture = null;
    if (this.planned) return;
    this.planned = true;
    requestAnimationFrame(() => {
      this.planned = false;
      this.draw();
    });
  }

  colourOf(name) {
    this.colours ??= new Map();
    if (!this.colours.has(name)) {
      const probe = h("span", { class: "probe", "data-label": name });
      document.body.append(probe);
      this.colours.set(name, getComputedStyle(probe).backgroundColor);
      probe.remove();
    }
    return this.colours.get(name);
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.element;
    const lines = this.list.rows.length;
    if (!width || !lines) return;
    const ratio = devicePixelRatio || 1;
    this.picture ??= this.drawLines(width, height, ratio);
    this.element.width = width * ratio;
    this.element.height = height * ratio;
    const context = this.element.getContext("2d");
    context.drawImage(this.picture, 0, 0);
    context.scale(ratio, ratio);
    const each = height / lines;
    context.fillStyle = this.colourOf("cursor");
    context.fillRect(0, this.list.cursor * each - 1, width, Math.max(each, 3));
    const { scrollTop, scrollHeight, clientHeight } = this.list.element;
    context.strokeStyle = this.colourOf("cursor");
    context.globalAlpha = 0.5;
    const top = (scrollTop / scrollHeight) * height;
    context.strokeRect(0.5, top + 0.5, width - 1, (clientHeight / scrollHeight) * height - 1);
  }

  drawLines(width, height, ratio) {
    const picture = new OffscreenCanvas(Math.ceil(width * ratio), Math.ceil(height * ratio));
    const context = picture.getContext("2d");
    context.scale(ratio, ratio);
    const lines = this.list.rows.length;
    const each = height / lines;
    for (let line = 0; line < lines; line += 1) {
      const label = this.labelOf(line);
      context.fillStyle = this.colourOf(label.name);
      context.globalAlpha = label.role === "body" ? 1 : 0.55;
      context.fillRect(0, line * each, width - 5, Math.max(each - (each > 4 ? 1 : 0), 0.6));
      if (this.isUncertain(line)) {
        context.globalAlpha = 1;
        context.fillStyle = this.colourOf("uncertain");
        context.fillRect(width - 4, line * each, 4, Math.max(each, 1.5));
      }
    }
    return picture;
  }
}
