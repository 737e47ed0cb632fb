// The draft of a page as this window knows it: changes show at once, and are sent one by one.

import { Refused, Unreachable, get, pagePath, post } from "./api.js";

const AGAIN = 1500; // milliseconds until a server that did not answer is asked again

/**
 * Tells, as events: "lines" (detail: numbers of lines that look different now), "state".
 * States: saved, saving, offline, conflict, gone.
 */
export class Draft extends EventTarget {
  constructor(id, data) {
    super();
    this.id = id;
    this.labels = data.labels;
    this.nameOf = new Map(data.labels.map((label) => [label.key, label.name]));
    this.waiting = []; // operations that are not on disk yet, the one under way first
    this.state = "saved";
    this.theirs = null;
    this.take(data);
    this.stored = data.stored;
    this.acknowledged = 0;
  }

  take(data) {
    this.version = data.version;
    this.keys = [...data.keys];
    this.decided = [...data.decided].map(Number);
    this.undoable = data.undo;
    this.redoable = data.redo;
  }

  get editable() {
    return this.state !== "conflict" && this.state !== "gone";
  }

  label(lines, key) {
    this.send({ kind: "label", lines, label: this.nameOf.get(key) }, (line) => {
      this.keys[line] = key;
      this.decided[line] = 1;
    });
  }

  confirm(lines) {
    const open = lines.filter((line) => !this.decided[line] && this.keys[line] !== "-");
    if (!open.length) return;
    this.send({ kind: "confirm", lines: open }, (line) => {
      this.decided[line] = 1;
    });
  }

  undo() {
    this.send({ kind: "undo" });
  }

  redo() {
    this.send({ kind: "redo" });
  }

  send(operation, apply = null) {
    if (!this.editable) return;
    operation.name = crypto.randomUUID();
    this.waiting.push({ operation, apply });
    if (apply) {
      operation.lines.forEach(apply);
      this.tell("lines", operation.lines);
    }
    this.become(this.state === "offline" ? "offline" : "saving");
    if (!this.sending) this.work();
  }

  async work() {
    this.sending = true;
    while (this.waiting.length && this.editable) {
      const { operation } = this.waiting[0];
      try {
        const told = await post(pagePath(this.id, "/change"), { ...operation, version: this.version });
        this.waiting.shift();
        this.acknowledged += 1;
        this.settle(told, operation);
        this.become(this.waiting.length ? "saving" : "saved");
      } catch (error) {
        if (!(await this.failed(error))) break;
      }
    }
    this.sending = false;
  }

  /** Whether to go on after an error. */
  async failed(error) {
    if (error instanceof Unreachable) {
      this.become("offline");
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
      return true;
    }
    if (!(error instanceof Refused)) throw error;
    if (error.status === 409) {
      const current = error.told.current;
      this.theirs = current;
      if (!this.differences().length) {
        this.takeTheirs(); // the same change, made or sent twice
        return false;
      }
      this.become("conflict");
      return false;
    }
    if (error.status === 403) {
      this.become("gone");
      return false;
    }
    // What makes no sense is dropped, and what is on disk shown again.
    this.waiting = [];
    this.theirs = await get(pagePath(this.id));
    this.takeTheirs();
    this.tell("refused", error.message);
    return false;
  }

  /** Take what is on disk, with what is still waiting on top of it. */
  settle(told, operation) {
    const [keys, decided] = [this.keys, this.decided];
    this.take(told);
    for (const { operation: waiting, apply } of this.waiting) if (apply) waiting.lines.forEach(apply);
    const changed = [];
    for (let line = 0; line < keys.length; line += 1) {
      if (keys[line] !== this.keys[line] || decided[line] !== this.decided[line]) changed.push(line);
    }
    if (changed.length) this.tell("lines", changed);
    if (operation.kind === "undo" || operation.kind === "redo") this.tell(operation.kind, changed);
  }

  /** Lines on which this window and the disk differ: [line, ours, theirs]. */
  differences() {
    const found = [];
    for (let line = 0; line < this.keys.length; line += 1) {
      const [ours, theirs] = [this.keys[line], this.theirs.keys[line]];
      if (ours !== theirs || this.decided[line] !== Number(this.theirs.decided[line])) {
        found.push([line, ours, theirs]);
      }
    }
    return found;
  }

  takeTheirs() {
    const changed = this.differences().map(([line]) => line);
    this.waiting = [];
    this.take(this.theirs);
    this.theirs = null;
    this.become("saved");
    this.tell("lines", changed);
  }

  become(state) {
    this.state = state;
    this.tell("state", state);
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
