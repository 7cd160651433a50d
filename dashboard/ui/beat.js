// Keeps fresh what is only looked at: each tick it asks for the panels that are on the page (dashboard/panels.py), and wakes
// those of Streamlit's fragments in which there is something new (dashboard/wake.py). A screen with nothing new costs its
// server next to nothing.
(() => {
  const TICK_MS = 2_000, PATIENCE_MS = 10_000, APART_MS = 100, AGAIN = "again", HIDDEN = "[class*=st-key-wake_]";
  const screen = Math.random().toString(36).slice(2), shown = new WeakMap(), woken = {};
  let asking = false, clicked = false;

  async function beat() {
    const panels = [...document.querySelectorAll("[data-of]")], lang = panels[0]?.lang;
    if (asking || !lang) return;
    asking = true;
    try {
      const of = [...new Set(panels.map(panel => panel.dataset.of))].sort();
      const where = new URL(`api/beat?${new URLSearchParams({lang, of, screen})}`, window.__streamlit.BACKEND_BASE_URL);
      const answer = await fetch(where, {cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS)});
      if (answer.ok) show(lang, await answer.json());
      else if (answer.status === 401 || answer.status === 403) location.reload();  // to the login, or with another ticket
    } catch { /* alive.js says that the server is not heard */ } finally { asking = false; }
  }

  // What it leads to or takes up stays, whatever figure is written on it.
  const named = one => one.dataset.take ?? one.getAttribute("href");

  function show(lang, told) {
    for (const panel of document.querySelectorAll(`[data-panel][lang=${lang}]`)) {
      const html = told.panels[panel.dataset.panel];
      // What somebody presses stays until they let go: else it would be gone before it is clicked.
      if (html === undefined || shown.get(panel) === html || panel.querySelector(":active")) continue;
      const focused = panel.contains(document.activeElement) && named(document.activeElement);
      panel.innerHTML = html;
      shown.set(panel, html);
      if (focused) [...panel.querySelectorAll("a, button")].find(one => named(one) === focused)?.focus({preventScroll: true});
    }
    let others = 0;
    for (const mark of document.querySelectorAll("[data-wake]")) {
      const {wake, stamp, every} = mark.dataset, now = performance.now(), asked = clicked && wake === "siren";
      const stale = stamp === AGAIN || asked || (told.stamps[wake] ?? stamp) !== stamp;
      if (!stale || now < (woken[wake] ?? -Infinity) + (every - 0.5) * TICK_MS) continue;
      woken[wake] = now;
      if (asked) clicked = false;
      setTimeout(() => press(document.querySelector(`.st-key-wake_${wake} button`)), APART_MS * others++);
    }
  }

  // Streamlit's frontend gathers what is clicked until its next task into one question, for which it runs one fragment only:
  // a click of somebody's that came in between would be lost. So this one is asked before anything else can come.
  function press(button) {
    const later = window.setTimeout;
    window.setTimeout = (task, ms, ...given) => ms === 0 ? (queueMicrotask(() => task(...given)), 0) : later(task, ms, ...given);
    try { button?.click(); } finally { window.setTimeout = later; }
  }

  // What has become of an order that was placed by a click is told beside the siren, wherever the button was.
  addEventListener("click", event => {
    if (event.target.closest?.("button") && !event.target.closest(HIDDEN)) clicked = true;
  });
  setInterval(beat, TICK_MS);
})();
