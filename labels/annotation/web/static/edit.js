// Labelling one page.

import { Refused, get, pagePath, post, visit } from "./api.js";
import { NONE, bar, busy, chip, count, dialog, h, kbd, keyOf, legend, progress, toast } from "./dom.js";
import { Draft } from "./draft.js";
import { PageFrame } from "./frame.js";
import { showHelp } from "./help.js";
import { LineList, LineMap } from "./lines.js";
import { Search } from "./search.js";
import { splitter } from "./splitter.js";

const { id, order } = document.body.dataset;
const STATES = {
  saved: "Saved",
  saving: "Saving…",
  offline: "Not saved: the server does not answer. Trying again…",
  conflict: "Not saved: changed elsewhere",
  gone: "Not saved: the server was started anew. Open the address it printed",
};
const STARTS = {
  proposals: "labels proposed by the model",
  gold: "starting from the gold",
  draft: "a label file made elsewhere",
  blank: "blank: nothing is proposed",
};

class Editor {
  constructor(data) {
    this.data = data;
    this.draft = new Draft(id, data);
    this.byKey = new Map(data.labels.map((label) => [label.key, label]));
    this.uncertain = new Set(data.uncertain);
    this.missed = new Set(data.missed);
    this.list = new LineList(data.texts, (line) => this.look(line), data.about.language);
    this.map = new LineMap(this.list, (line) => this.labelOf(line), (line) => this.isUncertain(line));
    this.frame = new PageFrame(id, data.window, data.about.markup);
    this.search = new Search(this.list);
    this.build();
    this.listen();
    this.showState();
    this.showProgress();
    const first = this.nextOpen(-1, 1);
    this.list.move(first ?? 0, { scroll: first ? "center" : "nearest" });
    this.list.element.focus();
  }

  labelOf(line) {
    return this.byKey.get(this.draft.keys[line]) ?? NONE;
  }

  isUncertain(line) {
    return !this.draft.decided[line] && this.uncertain.has(line);
  }

  /** What a line looks like now. */
  look(line) {
    const label = this.labelOf(line);
    const decided = Boolean(this.draft.decided[line]);
    const uncertain = this.isUncertain(line);
    const marks = [];
    if (this.missed.has(line)) {
      marks.push(h("span", { class: "mark missed", title: "all extractors get this line wrong" }, "⚑"));
    }
    if (decided) marks.push(h("span", { class: "mark done", title: "decided" }, "✓"));
    else if (this.data.confidence.length) {
      const percent = this.data.confidence[line];
      marks.push(h("span", {
        class: `mark ${uncertain ? "unsure" : "sure"}`,
        title: uncertain ? "the model is not certain: body or not?" : "how certain the model is",
      }, `${percent}%`));
    }
    const theirs = this.differing?.get(line);
    if (theirs) marks.unshift(h("span", { class: "theirs" }, "there: ", chip(this.byKey.get(theirs) ?? NONE)));
    return { label, decided, marks, uncertain };
  }

  build() {
    const { about, annotator, labels, start } = this.data;
    this.status = h("span", { class: "state", role: "status", "aria-live": "polite" });
    this.progress = progress();
    this.conflict = h("div", { class: "conflict", role: "alert", hidden: true });
    this.legend = legend(labels, (key) => {
      this.label(key);
      this.list.element.focus();
    });
    document.title = `${id} · bench label`;
    document.body.append(
      bar(h("a", { class: "back", href: "/", title: "All pages (q)" }, "‹ Pages"), id,
        [about.language, about.page_type, about.markup === "text" ? "text" : null, about.site],
        h("span", { class: "start" }, STARTS[start]),
        h("span", { class: "space" }),
        this.progress,
        this.status,
        h("span", { class: "who", title: "who labels" }, annotator),
        h("button", { class: "primary", onclick: () => this.done() }, "Done ", kbd("d")),
        h("button", { class: "round", title: "Help", onclick: () => showHelp(labels) }, "?")),
      this.conflict,
      this.legend,
      h(
        "main",
        { class: "panes" },
        h("section", { class: "left", "aria-label": "Lines" }, this.search.element,
          h("div", { class: "listing" }, this.map.element, this.list.element)),
        splitter(),
        this.frame.element,
      ),
    );
  }

  listen() {
    const { draft, list, frame, map } = this;
    draft.addEventListener("lines", ({ detail }) => {
      detail.forEach((line) => list.paint(line));
      map.soon(true);
      this.showProgress();
      this.showLegend();
    });
    draft.addEventListener("state", () => this.showState());
    draft.addEventListener("refused", ({ detail }) => toast(detail, "error"));
    for (const kind of ["undo", "redo"]) {
      draft.addEventListener(kind, ({ detail }) => {
        if (!detail.length) toast(`nothing to ${kind}`);
        else {
          list.move(detail[0], { scroll: null });
          list.move(detail.at(-1), { extend: isRun(detail) });
        }
      });
    }
    list.addEventListener("move", ({ detail }) => {
      frame.goTo(detail);
      map.soon();
      this.container = null;
      this.showLegend();
    });
    frame.addEventListener("choose", ({ detail }) => {
      list.move(detail, { scroll: "center" });
      list.element.focus({ preventScroll: true });
    });
    frame.addEventListener("focus", () => list.element.focus({ preventScroll: true }));
    document.addEventListener("keydown", (event) => this.key(event));
    window.addEventListener("beforeunload", (event) => {
      if (draft.waiting.length) event.preventDefault();
    });
  }

  key(event) {
    const key = keyOf(event);
    if ((event.ctrlKey || event.metaKey) && !event.altKey && (key === "z" || key === "y")) {
      if (event.target.matches?.("input")) return;
      event.preventDefault();
      if (key === "y" || event.shiftKey) this.draft.redo();
      else this.draft.undo();
      return;
    }
    if (busy(event)) return;
    const shift = event.shiftKey;
    const { list } = this;
    const actions = {
      j: () => list.move(list.cursor + 1, { extend: shift }),
      k: () => list.move(list.cursor - 1, { extend: shift }),
      ArrowDown: () => list.move(list.cursor + 1, { extend: shift }),
      ArrowUp: () => list.move(list.cursor - 1, { extend: shift }),
      PageDown: () => list.move(list.cursor + list.page, { extend: shift }),
      PageUp: () => list.move(list.cursor - list.page, { extend: shift }),
      Home: () => list.move(0, { extend: shift }),
      End: () => list.move(this.data.texts.length - 1, { extend: shift }),
      Escape: () => list.move(list.cursor),
      Enter: () => this.confirm(shift),
      u: () => this.goToOpen(shift ? -1 : 1),
      g: () => this.grow(shift),
      z: () => (shift ? this.draft.redo() : this.draft.undo()),
      "/": () => this.search.open(),
      "?": () => showHelp(this.data.labels),
      v: () => this.frame.toggle(),
      d: () => this.done(),
      q: () => location.assign("/"),
    };
    const digit = "1234567890".indexOf(key);
    let action = actions[key];
    if (this.byKey.has(key)) action = () => this.label(key);
    else if (digit >= 0 && key.length === 1) action = () => this.label(this.data.labels[digit].key);
    if (!action) return;
    if (key === "Enter" && event.target.matches?.("button, a")) return;
    event.preventDefault();
    action();
  }

  label(key) {
    if (!this.mayChange()) return;
    this.draft.label(this.list.selection, key);
  }

  /** Confirm what is selected and go on; with shift, everything from the top to here. */
  confirm(all) {
    if (!this.mayChange()) return;
    const { selected: [first, last] } = this.list;
    const lines = Array.from({ length: last + 1 - (all ? 0 : first) }, (_, n) => n + (all ? 0 : first));
    const without = lines.filter((line) => this.draft.keys[line] === "-");
    if (without.length) {
      toast(`${count(without.length, "line")} of these have no label yet`, "error");
      return;
    }
    this.draft.confirm(lines);
    this.list.move(last + 1);
  }

  mayChange() {
    if (this.draft.editable) return true;
    toast(STATES[this.draft.state], "error");
    return false;
  }

  /** The next line to look at: without label, uncertain, or missed by all. */
  nextOpen(from, step) {
    const { draft, data } = this;
    const total = data.texts.length;
    const isOpen = (line) =>
      !draft.decided[line] &&
      (draft.keys[line] === "-" || this.uncertain.has(line) || this.missed.has(line));
    for (let line = from + step; line >= 0 && line < total; line += step) if (isOpen(line)) return line;
    return null;
  }

  goToOpen(step) {
    let line = this.nextOpen(this.list.cursor, step);
    if (line === null) {
      line = this.nextOpen(step > 0 ? -1 : this.data.texts.length, step);
      if (line === null) {
        toast("no uncertain line is left; d for done");
        return;
      }
      toast(step > 0 ? "from the top again" : "from the end again");
    }
    this.list.move(line, { scroll: "center" });
  }

  /** Select the container around what is selected, the next one outwards each time. */
  grow(back) {
    const spans = this.container ?? [[...this.list.selected]];
    if (back) {
      if (spans.length > 1) spans.pop();
    } else {
      const next = this.around(...spans.at(-1));
      if (!next) {
        toast("this is the whole page");
        return;
      }
      spans.push(next);
    }
    this.list.select(...spans.at(-1));
    this.container = spans;
    toast(count(spans.at(-1)[1] - spans.at(-1)[0] + 1, "line"));
    this.showLegend();
    this.map.soon();
  }

  around(first, last) {
    const { of, chains } = this.data.containers;
    const chain = chains[of[this.list.cursor]] ?? [];
    for (let at = 0; at < chain.length; at += 2) {
      const [from, to] = [chain[at], chain[at + 1]];
      if (from <= first && to >= last && to - from > last - first) return [from, to];
    }
    const total = this.data.texts.length;
    // Text has no containers: lines around that have the same label, then all.
    const { keys } = this.draft;
    let [from, to] = [first, last];
    while (from > 0 && keys[from - 1] === keys[first]) from -= 1;
    while (to < total - 1 && keys[to + 1] === keys[last]) to += 1;
    if (to - from > last - first) return [from, to];
    return last - first + 1 < total ? [0, total - 1] : null;
  }

  showState() {
    const { state } = this.draft;
    document.body.dataset.state = state;
    clearTimeout(this.late);
    const show = () => {
      const fresh = state === "saved" && !this.draft.acknowledged && !this.data.stored;
      this.status.dataset.state = fresh ? "fresh" : state;
      this.status.textContent = fresh ? "Nothing changed yet" : STATES[state];
    };
    if (state === "saving") this.late = setTimeout(show, 250); // most are saved sooner
    else show();
    this.showConflict(state === "conflict");
  }

  showConflict(conflict) {
    if (!conflict) {
      if (!this.conflict.hidden) {
        const lines = [...(this.differing?.keys() ?? [])];
        this.differing = null;
        lines.forEach((line) => this.list.paint(line));
      }
      this.conflict.hidden = true;
      return;
    }
    const found = this.draft.differences();
    const show = h("button", {}, "Show what differs");
    show.addEventListener("click", () => {
      this.differing = new Map(found.map(([line, , theirs]) => [line, theirs]));
      found.forEach(([line]) => this.list.paint(line));
      this.list.move(found[0][0], { scroll: "center" });
      this.list.element.focus();
    });
    this.conflict.replaceChildren(
      h("b", {}, "This page was changed elsewhere."),
      h("span", {}, ` Nothing of yours was overwritten, and your last change was not saved; ${count(found.length, "line")} ${found.length === 1 ? "differs" : "differ"}.`),
      show,
      h("button", { class: "primary", onclick: () => {
        this.draft.takeTheirs();
        this.list.element.focus();
      } }, "Load what is saved"),
    );
    this.conflict.hidden = false;
  }

  showProgress() {
    const total = this.data.texts.length;
    let [decided, open] = [0, 0];
    for (let line = 0; line < total; line += 1) {
      if (this.draft.decided[line]) decided += 1;
      else if (this.uncertain.has(line) || this.draft.keys[line] === "-") open += 1;
    }
    const what = this.data.start === "blank" ? "without a label" : "uncertain";
    this.progress.show(decided / (total || 1), `${decided} of ${total} decided · ${open} ${what}`);
  }

  showLegend() {
    const key = this.draft.keys[this.list.cursor];
    for (const button of this.legend.children) {
      button.classList.toggle("here", button.dataset.key === key);
    }
  }

  /** The checks, and what is to be done about them. */
  async done() {
    if (!this.mayChange()) return;
    while (this.draft.waiting.length && this.draft.editable) {
      await new Promise((resolve) => this.draft.addEventListener("state", resolve, { once: true }));
    }
    let checked;
    try {
      checked = await post(pagePath(id, "/check"), {});
    } catch (error) {
      toast(error.message, "error");
      return;
    }
    if (checked.version !== this.draft.version) {
      toast("this page was changed elsewhere; load it again", "error");
      return;
    }
    this.showProblems(checked.problems);
  }

  showProblems(problems) {
    const stops = problems.some((problem) => problem.stops);
    const accept = h("button", { class: "primary", disabled: stops }, "Accept as gold ", kbd("a"));
    const close = h("button", {}, "Go on labelling ", kbd("Esc"));
    // Labels made without seeing others are compared with those, as a rule, and not gold themselves.
    const keep = this.data.start === "blank" && !stops
      ? h("button", { class: "primary" }, "Keep as my draft") : null;
    if (keep) accept.className = "";
    const list = h("ol", { class: "problems" }, problems.map((problem) =>
      h("li", { class: problem.stops ? "stops" : "" },
        problem.line === null ? problem.text : h("a", { href: `#line-${problem.line}`, onclick: (event) => {
          event.preventDefault();
          box.close();
          this.list.move(problem.line, { scroll: "center" });
          this.list.element.focus();
        } }, h("b", {}, `${problem.line + 1}`), ` ${problem.text}`))));
    const heading = stops ? "Not done yet"
      : problems.length ? `${count(problems.length, "thing")} to look at` : "The checks find nothing";
    const box = dialog("done", h("h2", {}, heading), problems.length ? list : h("p", {}, "Every line is labelled and plausible."),
      h("div", { class: "buttons" }, close, accept, keep));
    close.addEventListener("click", () => box.close());
    keep?.addEventListener("click", () => this.goOn(box, "Kept as your draft"));
    accept.addEventListener("click", () => this.accept(box));
    const onKey = (event) => {
      if (keyOf(event) !== "a" || accept.disabled || !accept.isConnected) return;
      event.preventDefault();
      this.accept(box);
    };
    box.addEventListener("keydown", onKey);
    // What is to be looked at comes first; Enter accepts only where there is nothing.
    (box.querySelector("a") ?? (stops ? close : keep ?? accept)).focus();
  }

  async accept(box, gold = null) {
    try {
      this.draft.take(await post(pagePath(id, "/accept"), { version: this.draft.version, gold }));
    } catch (error) {
      if (error instanceof Refused && error.values.conflict === "gold") this.offerToReplace(box, error.values);
      else toast(error.message, "error");
      return;
    }
    document.body.dataset.accepted = id;
    await this.goOn(box, "Accepted as gold");
  }

  /** What comes next. */
  async goOn(box, heading) {
    const queue = await get(`/api/queue?order=${order}`).catch(() => ({ pages: [] }));
    const next = queue.pages.find((page) => !["gold", "finished"].includes(page.status) && page.id !== id && !page.problem);
    const [go, pages] = [
      h("button", { class: "primary" }, next ? `Next page: ${next.id} ` : "All pages ", kbd("Enter")),
      h("button", {}, "All pages"),
    ];
    go.addEventListener("click", () => next ? visit("edit", next.id) : location.assign("/"));
    pages.addEventListener("click", () => location.assign("/"));
    box.replaceChildren(
      h("h2", {}, heading),
      h("p", {}, queue.totals ? `${queue.totals.gold} of ${count(queue.totals.pages, "page")} have gold now.` : ""),
      h("div", { class: "buttons" }, next ? pages : null, go),
    );
    go.focus();
  }

  offerToReplace(box, conflict) {
    const replace = h("button", { class: "danger" }, "Replace the gold");
    const keep = h("button", {}, "Keep it ", kbd("Esc"));
    keep.addEventListener("click", () => box.close());
    replace.addEventListener("click", () => this.accept(box, conflict.gold));
    box.replaceChildren(
      h("h2", {}, "There is gold already"),
      h("p", {}, `It differs from this draft in ${count(conflict.lines.length, "line")}:`),
      h("ol", { class: "problems" }, conflict.lines.slice(0, 50).map((line) =>
        h("li", {}, h("b", {}, String(line + 1)), " ", chip(this.byKey.get(this.draft.keys[line]) ?? NONE),
          h("span", { dir: "auto" }, ` ${this.data.texts[line].slice(0, 80)}`)))),
      h("div", { class: "buttons" }, keep, replace),
    );
    keep.focus();
  }
}

const isRun = (lines) => lines.at(-1) - lines[0] === lines.length - 1;

get(pagePath(id)).then(
  (data) => {
    window.editor = new Editor(data);
    document.body.dataset.ready = "yes";
  },
  (error) => document.body.append(h("p", { class: "fatal" }, error.message, " ", h("a", { href: "/" }, "All pages"))),
);
