// The keys, and what the labels mean.

import { chip, dialog, h, kbd } from "./dom.js";

const EDIT = [
  [["j", "↓"], "next line"],
  [["k", "↑"], "line before"],
  [["Shift", "move"], "extend the selection"],
  [["Enter"], "confirm the line and go on"],
  [["Shift", "Enter"], "confirm all from the top to here"],
  [["u"], "next uncertain line"],
  [["Shift", "u"], "uncertain line before"],
  [["g"], "select the container; again: the one around it"],
  [["Shift", "g"], "back to the smaller container"],
  [["z"], "undo"],
  [["Shift", "z"], "redo"],
  [["/"], "search"],
  [["v"], "show the page with its styles, or everything plain"],
  [["d"], "done: check, and accept as gold"],
  [["q"], "all pages"],
  [["Esc"], "give up the selection, close"],
];

const RESOLVE = [
  [["j", "↓"], "next dispute"],
  [["k", "↑"], "dispute before"],
  [["1", "2", "…"], "what that annotator says"],
  [["letter"], "another label"],
  [["u"], "next dispute without a decision"],
  [["z"], "take the last decision back"],
  [["f"], "show all lines, or disputes only"],
  [["v"], "show the page with its styles, or everything plain"],
  [["d"], "done: write the gold"],
  [["q"], "all disputes"],
];

export function showHelp(labels, resolving = false) {
  const rows = resolving ? RESOLVE : EDIT;
  const close = h("button", {}, "Close ", kbd("Esc"));
  const box = dialog(
    "help",
    h("h2", {}, "Keys"),
    h(
      "div",
      { class: "columns" },
      h("dl", { class: "keys" }, rows.map(([keys, what]) =>
        [h("dt", {}, keys.map((key) => kbd(key))), h("dd", {}, what)])),
      h("dl", { class: "keys labels" }, labels.map((label, at) =>
        [h("dt", {}, kbd(label.key), !resolving && at < 10 ? kbd(String((at + 1) % 10)) : null),
          h("dd", {}, chip(label), h("span", {}, label.what))])),
    ),
    h("p", { class: "small" }, resolving
      ? "Every decision is saved at once."
      : "A label applies to all selected lines. Drag over lines, or click with Shift, to select several. Every change is saved at once."),
    h("div", { class: "buttons" }, close),
  );
  close.addEventListener("click", () => box.close());
  box.addEventListener("keydown", (event) => {
    if (event.key === "?" || event.key === "Enter") {
      event.preventDefault();
      box.close();
    }
  });
  close.focus();
}
