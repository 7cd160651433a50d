// Says when the screen's server has not been heard for a while, how old the picture is by now, and opens the page anew once
// the server answers again but the picture still stands: a wall that nobody touches must not stay as it was. While Streamlit
// is connected the server may just be long at something that this page asked for, which must not be thrown away; nor must
// what somebody typed because the window was hidden or the machine asleep. Each tick gives .gw-fresh (dashboard/ui/header.py),
// by beat.js, another data-tick: it is heard if it gives that and Streamlit is connected; data-lost on the page's root shows .gw-lost by screen.css.
(() => {
  const root = document.documentElement, LATE_MS = 15_000, ANEW_MS = 45_000, ASK_MS = 5_000, LOOK_MS = 1_000;
  const BUSY_MS = 600_000, ASLEEP_MS = 10_000;
  let tick = null, heard = performance.now(), asked = 0, looked = heard;

  function answers() {
    return fetch(new URL("_stcore/health", window.__streamlit.BACKEND_BASE_URL), {cache: "no-store"});
  }

  setInterval(() => {
    const now = performance.now(), seen = document.querySelector(".gw-fresh")?.dataset.tick ?? null;
    const connected = document.querySelector("[data-testid=stApp]")?.dataset.testConnectionState === "CONNECTED";
    if ((seen !== tick && connected) || document.hidden || now > looked + ASLEEP_MS) [tick, heard] = [seen, now];
    looked = now;
    const age = now - heard, lost = age > LATE_MS && (tick !== null || age > ANEW_MS);
    root.toggleAttribute("data-lost", lost);
    for (const seconds of document.querySelectorAll(".gw-lost b")) seconds.textContent = Math.round(age / 1000);
    if (age > (connected ? BUSY_MS : ANEW_MS) && now > asked + ASK_MS) {
      asked = now;
      answers().then(answer => { if (answer.ok) location.reload(); }, () => {});
    }
  }, LOOK_MS);
})();
