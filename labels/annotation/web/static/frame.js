// The page as it looked, in a frame that can do nothing. page_frame.py says how the two sides communicate.

import { h } from "./dom.js";

const SOON = 60; // milliseconds: while a key is held down the frame need not follow each line
const ZOOMS = [1, 0.8, 0.6];

export class PageFrame extends EventTarget {
  constructor(id, window_, markup) {
    super();
    this.path = `/frame/${window_}/${encodeURIComponent(id)}`;
    this.window = window_;
    this.looks = markup === "html" ? ["styled", "plain"] : ["text"];
    this.look = this.looks[0];
    this.ready = false;
    this.line = null;
    this.frame = h("iframe", {
      sandbox: "",
      title: "The page as it looked",
      referrerpolicy: "no-referrer",
      tabIndex: -1,
    });
    this.frame.setAttribute("sandbox", "");
    this.frame.addEventListener("load", () => {
      this.ready = true;
      this.follow();
    });
    this.buttons = this.looks.map((look) =>
      h("button", { onclick: () => this.show(look), "data-look": look }, look),
    );
    this.zoom = h("button", {
      class: "zoom", title: "Size of the page", onclick: () => this.nextZoom(),
    });
    this.element = h(
      "section",
      { class: "page", "aria-label": "The page as it looked" },
      h(
        "div",
        { class: "pagebar" },
        h("span", { class: "looks" }, this.looks.length > 1 ? this.buttons : h("i", {}, "scraped as text")),
        h("span", { class: "hint" }, "click a line to select it"),
        this.zoom,
      ),
      h("div", { class: "paper" }, this.frame),
    );
    this.setZoom(Number(localStorage.getItem("zoom")) || (markup === "html" ? 0.8 : 1));
    this.show(this.look);
    this.receive();
    window.addEventListener("blur", () => this.giveBack());
  }

  show(look) {
    this.look = look;
    for (const button of this.buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.look === look));
    }
    this.ready = false;
    const path = look === "plain" ? `${this.path}?look=plain` : this.path;
    if (this.address) this.frame.contentWindow.location.replace(new URL(path, location.href));
    else this.frame.src = path;
    this.address = new URL(path, location.href).href;
  }

  toggle() {
    this.show(this.looks[(this.looks.indexOf(this.look) + 1) % this.looks.length]);
  }

  nextZoom() {
    this.setZoom(ZOOMS[(ZOOMS.indexOf(this.scale) + 1) % ZOOMS.length]);
  }

  setZoom(scale) {
    this.scale = ZOOMS.includes(scale) ? scale : 1;
    localStorage.setItem("zoom", String(this.scale));
    this.frame.style.width = `${100 / this.scale}%`;
    this.frame.style.height = `${100 / this.scale}%`;
    this.frame.style.transform = `scale(${this.scale})`;
    this.zoom.textContent = `${Math.round(100 * this.scale)} %`;
  }

  /** Show where a line is; of several in a short while only the last. */
  goTo(line) {
    this.line = line;
    clearTimeout(this.planned);
    this.planned = setTimeout(() => this.follow(), SOON);
  }

  follow() {
    if (!this.ready || this.line === null) return;
    // Only the fragment changes: nothing is loaded, and no entry of history made.
    this.frame.contentWindow.location.replace(`${this.address}#bench-${this.line}`);
  }

  /** Receive from the server which line was chosen here; not while nobody sees this window. */
  receive() {
    const open = () => {
      this.events ??= new EventSource(`/events/${this.window}`);
      this.events.addEventListener("line", (event) => {
        this.dispatchEvent(new CustomEvent("choose", { detail: Number(event.data) }));
      });
    };
    const close = () => {
      this.events?.close();
      this.events = null;
    };
    document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
    window.addEventListener("pagehide", close);
    open();
  }

  /** Keys stay with the lines, wherever the page was clicked. */
  giveBack() {
    setTimeout(() => {
      if (document.activeElement === this.frame) this.dispatchEvent(new Event("focus"));
    }, 250);
  }
}
