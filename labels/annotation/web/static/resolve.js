// Deciding between two or more drafts of a page.

import { Refused, get, post } from "./api.js";
import { NONE, bar, busy, chip, count, dialog, h, kbd, keyOf, legend, progress, toast } from "./dom.js";
import { PageFrame } from "./frame.js";
import { showHelp } from "./help.js";
import { splitter } from "./splitter.js";

const { id } = document.body.dataset;
const CONTEXT = 1; // lines shown on either side of a dispute
const path = (what = "") => `/api/resolve/${encodeURIComponent(id)}${what}`;

class Resolver {
  constructor(data) {
    this.data = data;
    this.byKey = new Map(data.labels.map((label) => [label.key, label]));
    this.all = false;
    this.past = [];
    this.frame = new PageFrame(id, data.window, data.about.markup);
    this.status = h("span", { class: "state", role: "status", "aria-live": "polite", "data-state": "saved" }, "Saved");
    this.progress = progress();
    this.rows = h("div", { class: "disputes", tabIndex: 0, role: "grid", "aria-label": "Lines in dispute" });
    this.take(data);
    document.title = `${id} · disputes · bench label`;
    document.body.append(
      bar(h("a", { class: "back", href: "/resolve", title: "All disputes (q)" }, "‹ Disputes"), id,
        [data.about.language, data.about.page_type, data.about.site],
        h("span", { class: "space" }), this.progress, this.status,
        h("span", { class: "who", title: "who decides" }, data.annotator),
        h("button", { class: "primary", onclick: () => this.done() }, "Done ", kbd("d")),
        h("button", { class: "round", title: "Help", onclick: () => showHelp(data.labels, true) }, "?")),
      legend(data.labels, (key) => this.decide(key)),
      h("main", { class: "panes" }, h("section", { class: "left" }, this.rows), splitter(), this.frame.element));
    this.cursor = data.disputed[0] ?? 0;
    this.draw();
    this.move(this.nextOpen(-1) ?? this.cursor);
    this.rows.focus();
    document.addEventListener("keydown", (event) => this.key(event));
    this.frame.addEventListener("choose", ({ detail }) => {
      if (!this.lines.has(detail)) toast("the annotators agree on this line");
      else this.move(detail);
      this.rows.focus({ preventScroll: true });
    });
    this.frame.addEventListener("focus", () => this.rows.focus({ preventScroll: true }));
  }

  take(values) {
    Object.assign(this.data, values);
    this.disputed = new Set(values.disputed);
    document.body.dataset.open = String(this.openLines().length);
  }

  openLines() {
    return this.data.disputed.filter((line) => this.data.decided[line] === "-");
  }

  draw() {
    const { texts, names, disputed } = this.data;
    const shown = new Set();
    if (this.all) texts.forEach((_, line) => shown.add(line));
    for (const line of disputed) {
      for (let near = line - CONTEXT; near <= line + CONTEXT; near += 1) {
        if (near >= 0 && near < texts.length) shown.add(near);
      }
    }
    this.rows.style.setProperty("--annotators", names.length);
    const rows = [h("div", { class: "dispute head", role: "row" },
      h("span", {}), h("span", {}, "line"),
      names.map((name, at) => h("span", { class: "said" }, kbd(String(at + 1)), " ", name)),
      h("span", { class: "said" }, "decided"))];
    this.lines = new Map();
    let before = -1;
    const gap = (from, to) => {
      if (to > from) rows.push(h("div", { class: "gap" }, `${count(to - from, "line")} alike`));
    };
    for (const line of [...shown].sort((a, b) => a - b)) {
      gap(before + 1, line);
      before = line;
      const row = this.row(line);
      this.lines.set(line, row);
      rows.push(row);
    }
    gap(before + 1, texts.length);
    if (!disputed.length) rows.splice(1, 0, h("p", { class: "agree" }, "They agree on every line. Press d to write the gold."));
    this.rows.replaceChildren(...rows);
    this.showProgress();
  }

  row(line) {
    const { texts, said, decided, about } = this.data;
    const disputed = this.disputed.has(line);
    const label = (key) => this.byKey.get(key) ?? NONE;
    const final = disputed ? decided[line] : said[0][line];
    return h("div", {
      class: `dispute ${disputed ? (final === "-" ? "open" : "settled") : "context"}`,
      role: "row", "data-line": line, "data-role": label(final).role,
      onclick: () => { if (disputed) this.move(line); this.rows.focus({ preventScroll: true }); },
    },
    h("span", { class: "number" }, String(line + 1)),
    h("span", { class: "text", dir: "auto", lang: about.language || undefined }, texts[line]),
    said.map((keys, at) => h("button", {
      class: `said ${disputed && final === keys[line] ? "chosen" : ""}`, tabIndex: -1, disabled: !disputed,
      title: label(keys[line]).name, onclick: () => { this.move(line); this.choose(at); },
    }, chip(label(keys[line]), final === keys[line]))),
    h("span", { class: "said final" }, final === "-" ? h("i", {}, "open") : chip(label(final))));
  }

  move(line) {
    this.lines.get(this.cursor)?.classList.remove("cursor");
    this.cursor = line;
    const row = this.lines.get(line);
    row?.classList.add("cursor");
    row?.scrollIntoView({ block: "center" });
    this.frame.goTo(line);
  }

  step(by) {
    const { disputed } = this.data;
    const at = disputed.indexOf(this.cursor);
    const next = disputed[Math.max(0, Math.min(disputed.length - 1, at + by))];
    if (next !== undefined) this.move(next);
  }

  nextOpen(from) {
    const open = this.openLines();
    return open.find((line) => line > from) ?? open[0] ?? null;
  }

  choose(annotator) {
    const keys = this.data.said[annotator];
    if (keys) this.decide(keys[this.cursor]);
  }

  async decide(key, line = this.cursor, remember = true) {
    if (!this.disputed.has(line) || this.sending) return;
    const was = this.data.decided[line];
    this.sending = true;
    this.status.textContent = "Saving…";
    try {
      const label = key === "-" ? null : this.byKey.get(key).name;
      this.take(await post(path("/decide"), { version: this.data.version, lines: [line], label }));
      if (remember) this.past.push([line, was]);
      this.status.textContent = "Saved";
      this.status.dataset.state = "saved";
      this.replaceRow(line);
      if (remember) this.move(this.nextOpen(line) ?? line);
      if (remember && !this.openLines().length) toast("all is decided; d for done");
    } catch (error) {
      if (error instanceof Refused && error.values.conflict === "draft") {
        this.take(error.values.current);
        this.draw();
        this.move(this.disputed.has(line) ? line : (this.nextOpen(-1) ?? 0));
        toast("This page was changed elsewhere and is loaded again. Decide again.", "error");
        this.status.textContent = "Loaded again";
      } else {
        this.status.textContent = "Not saved";
        this.status.dataset.state = "offline";
        toast(error.message, "error");
      }
    }
    this.sending = false;
  }

  replaceRow(line) {
    const row = this.row(line);
    this.lines.get(line)?.replaceWith(row);
    this.lines.set(line, row);
    this.showProgress();
  }

  showProgress() {
    const [all, open] = [this.data.disputed.length, this.openLines().length];
    this.progress.show(all ? (all - open) / all : 1, `${all - open} of ${all} decided`);
  }

  key(event) {
    if (busy(event)) return;
    const key = keyOf(event);
    const actions = {
      j: () => this.step(1),
      ArrowDown: () => this.step(1),
      k: () => this.step(-1),
      ArrowUp: () => this.step(-1),
      Enter: () => this.step(1),
      u: () => {
        const next = this.nextOpen(this.cursor);
        if (next === null) toast("all is decided; d for done");
        else this.move(next);
      },
      z: () => {
        const last = this.past.pop();
        if (!last) toast("nothing to undo");
        else {
          this.decide(last[1], last[0], false);
          this.move(last[0]);
        }
      },
      f: () => {
        this.all = !this.all;
        this.draw();
        this.move(this.cursor);
      },
      v: () => this.frame.toggle(),
      d: () => this.done(),
      q: () => location.assign("/resolve"),
      "?": () => showHelp(this.data.labels, true),
    };
    let action = actions[key];
    if (this.byKey.has(key)) action = () => this.decide(key);
    else if (/^[1-9]$/.test(key)) action = () => this.choose(Number(key) - 1);
    if (!action || (key === "Enter" && event.target.matches?.(".bar button, a"))) return;
    event.preventDefault();
    action();
  }

  done() {
    const open = this.openLines();
    if (open.length) {
      toast(`${count(open.length, "dispute")} without a decision`, "error");
      this.move(open[0]);
      return;
    }
    const accept = h("button", { class: "primary" }, "Write the gold ", kbd("Enter"));
    const close = h("button", {}, "Go on ", kbd("Esc"));
    const box = dialog("done", h("h2", {}, "All is decided"),
      h("p", {}, `${count(this.data.disputed.length, "decision")} by ${this.data.annotator}; the other lines are what all say.`),
      h("div", { class: "buttons" }, close, accept));
    close.addEventListener("click", () => box.close());
    accept.addEventListener("click", () => this.accept(box));
    accept.focus();
  }

  async accept(box, gold = null) {
    try {
      await post(path("/accept"), { version: this.data.version, gold });
    } catch (error) {
      if (!(error instanceof Refused && error.values.conflict === "gold")) {
        toast(error.message, "error");
        return;
      }
      const { values } = error;
      const keep = h("button", { onclick: () => box.close() }, "Keep it ", kbd("Esc"));
      box.replaceChildren(h("h2", {}, "There is gold already"),
        h("p", {}, `It differs in ${count(values.lines.length, "line")}.`),
        h("div", { class: "buttons" }, keep,
          h("button", { class: "danger", onclick: () => this.accept(box, values.gold) }, "Replace the gold")));
      keep.focus();
      return;
    }
    document.body.dataset.accepted = id;
    const go = h("button", { class: "primary", onclick: () => location.assign("/resolve") }, "All disputes ", kbd("Enter"));
    box.replaceChildren(h("h2", {}, "The gold is written"), h("div", { class: "buttons" }, go));
    go.focus();
  }
}

get(path()).then(
  (data) => {
    window.resolver = new Resolver(data);
    document.body.dataset.ready = "yes";
  },
  (error) => document.body.append(h("p", { class: "fatal" }, error.message, " ", h("a", { href: "/resolve" }, "All disputes"))),
);
