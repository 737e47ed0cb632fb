// The draft of a page in this window: changes show at once, and are sent one by one.

import { Refused, Unreachable, get, pagePath, post } from "./api.js";

const AGAIN = 1500; // milliseconds until another request to a server that did not answer

/**
 * Events: "lines" (detail: numbers of lines that look different now), "state", "refused".
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
      this.emit("lines", operation.lines);
    }
    this.setState(this.state === "offline" ? "offline" : "saving");
    if (!this.sending) this.work();
  }

  async work() {
    this.sending = true;
    while (this.waiting.length && this.editable) {
      const { operation } = this.waiting[0];
      try {
        const changed = await post(pagePath(this.id, "/change"), { ...operation, version: this.version });
        this.waiting.shift();
        this.acknowledged += 1;
        this.settle(changed, operation);
        this.setState(this.waiting.length ? "saving" : "saved");
      } catch (error) {
        if (!(await this.failed(error))) break;
      }
    }
    this.sending = false;
  }

  /** Whether to go on after an error. */
  async failed(error) {
    if (error instanceof Unreachable) {
      this.setState("offline");
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
      return true;
    }
    if (!(error instanceof Refused)) throw error;
    if (error.status === 409) {
      this.theirs = error.values.current;
      if (!this.differences().length) {
        this.takeTheirs(); // the same change, made twice or sent twice
        return false;
      }
      this.setState("conflict");
      return false;
    }
    if (error.status === 403) {
      this.setState("gone");
      return false;
    }
    // What makes no sense is dropped, and what is on disk shown again.
    this.waiting = [];
    this.theirs = await get(pagePath(this.id));
    this.takeTheirs();
    this.emit("refused", error.message);
    return false;
  }

  /** Take what is on disk, with what is still waiting on top of it. */
  settle(stored, operation) {
    const [keys, decided] = [this.keys, this.decided];
    this.take(stored);
    for (const { operation: waiting, apply } of this.waiting) if (apply) waiting.lines.forEach(apply);
    const changed = [];
    for (let line = 0; line < keys.length; line += 1) {
      if (keys[line] !== this.keys[line] || decided[line] !== this.decided[line]) changed.push(line);
    }
    if (changed.length) this.emit("lines", changed);
    if (operation.kind === "undo" || operation.kind === "redo") this.emit(operation.kind, changed);
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
    this.setState("saved");
    this.emit("lines", changed);
  }

  setState(state) {
    this.state = state;
    this.emit("state", state);
  }

  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
