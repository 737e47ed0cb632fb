// The bar between two panes, which can be dragged.

import { h } from "./dom.js";

const [LEAST, MOST] = [30, 75];

export function splitter() {
  const bar = h("div", { class: "splitter", "aria-hidden": "true" });
  const set = (share) => {
    const held = Math.max(LEAST, Math.min(MOST, share));
    document.documentElement.style.setProperty("--left", `${held}%`);
    localStorage.setItem("left", String(held));
  };
  const stored = Number(localStorage.getItem("left"));
  if (stored) set(stored);
  bar.addEventListener("pointerdown", (event) => {
    bar.setPointerCapture(event.pointerId);
    document.body.classList.add("splitting");
  });
  bar.addEventListener("pointermove", (event) => {
    if (bar.hasPointerCapture(event.pointerId)) set((100 * event.clientX) / innerWidth);
  });
  bar.addEventListener("lostpointercapture", () => document.body.classList.remove("splitting"));
  return bar;
}
