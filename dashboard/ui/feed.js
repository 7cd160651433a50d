// Takes an incident up by one click in the feed (dashboard/incident_clicks.py), and tells what has become of it.
(() => {
  const TOLD_MS = 8_000, PATIENCE_MS = 20_000, waiting = new Set();

  async function take(id, lang) {
    waiting.add(id);
    try {
      const where = `api/incidents/${encodeURIComponent(id)}/take?${new URLSearchParams({lang})}`;
      const answer = await fetch(new URL(where, window.__streamlit.BACKEND_BASE_URL),
        {method: "POST", signal: AbortSignal.timeout(PATIENCE_MS)});
      if (answer.status === 401 || answer.status === 403) location.reload();  // to the login, or with another ticket
      else tell(await answer.text());
    } catch { /* alive.js says that the server is not heard */ } finally { waiting.delete(id); }
  }

  function tell(text) {
    const told = document.createElement("div");
    told.className = "gw gw-told";
    told.setAttribute("aria-live", "polite");
    document.body.append(told);
    told.textContent = text;
    setTimeout(() => told.remove(), TOLD_MS);
  }

  addEventListener("click", event => {
    const button = event.target.closest?.("[data-take]"), id = button?.dataset.take;
    if (id && !waiting.has(id)) take(id, button.closest("[lang]").lang);
  });
})();
