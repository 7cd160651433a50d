// How this browser shows the screen, before anything is drawn: enlarged to a wall of more dots than 1920x1080; in the look
// (?look=dark, the wall's, or light, that of desks), which the browser keeps; as a kiosk (?embed=true) without what is
// clicked; and, with ?rotate=<seconds>, one of ?views=<page>,<page> after the other. These two hold until it is closed.
(() => {
  const root = document.documentElement, asked = new URLSearchParams(location.search);
  const WALL = {width: 1920, height: 1080}, ENOUGH = 1.05;
  const HOME = "command_centre", VIEWS = `${HOME},map,kpi,ranking`, TOUCHED_S = 120, LEAST_S = 5;

  function larger() {
    return Math.min(innerWidth / WALL.width, innerHeight / WALL.height);
  }

  // A frame that is zoomed has its content drawn as by a display of more dots, maps and tables too, and each pixel keeps
  // its place for whoever measures; a page that is zoomed itself has not.
  function enlarge() {
    const frame = document.createElement("iframe"), told = () => frame.contentWindow.location;
    document.write("<plaintext hidden>");  // what follows, Streamlit's application, is for the frame to run
    addEventListener("DOMContentLoaded", () => {
      document.body.replaceChildren(frame);
      document.body.style.cssText = "margin:0;overflow:hidden;background:#050d1c";
      frame.style.border = 0;
      frame.allow = "autoplay; fullscreen; clipboard-write";
      frame.src = location.href;
      fit();
      addEventListener("resize", fit);
      setInterval(() => {
        if (told().origin === location.origin && told().href !== location.href) history.replaceState(null, "", told().href);
        document.title = frame.contentDocument.title || document.title;
        root.lang = frame.contentDocument.documentElement.lang;
      }, 500);
    });

    function fit() {
      const times = Math.max(larger(), 1);
      Object.assign(frame.style, {zoom: times, width: `${innerWidth / times}px`, height: `${innerHeight / times}px`});
    }
  }

  if (self === top && larger() > ENOUGH) return enlarge();

  function kept(store, name, fallback) {
    if (asked.has(name)) store.setItem(`gridward-${name}`, asked.get(name));
    return store.getItem(`gridward-${name}`) ?? fallback;
  }

  const look = kept(localStorage, "look", "dark") === "light" ? "light" : "dark";
  root.dataset.look = look;
  // Where Streamlit keeps, by address, what the viewer chose in its settings.
  localStorage.setItem(`stActiveTheme-${location.pathname}-v2`, JSON.stringify(look === "light" ? "Light" : "Dark"));
  if (kept(sessionStorage, "embed", "false") === "true") root.dataset.kiosk = "on";

  const seconds = Number(kept(sessionStorage, "rotate", 0));
  if (!(seconds > 0)) return;
  const views = kept(sessionStorage, "views", VIEWS).split(",");
  let touched = -Infinity, since = performance.now();
  for (const touch of ["pointerdown", "keydown", "wheel"]) addEventListener(touch, () => touched = performance.now());
  setInterval(() => {
    const now = performance.now(), path = location.pathname.split("/").pop() || HOME;
    const major = document.querySelector(".gw-siren") !== null;
    const next = major ? HOME : views[(views.indexOf(path) + 1) % views.length];
    if (next === path || now < touched + 1000 * TOUCHED_S) since = now;
    else if (major || now >= since + 1000 * Math.max(seconds, LEAST_S)) {
      since = now;
      const ways = [...document.querySelectorAll(".st-key-nav a")];  // the first leads home, whatever its address
      (next === HOME ? ways[0] : ways.find(way => way.pathname.endsWith(`/${next}`)))?.click();
    }
  }, 1000);
})();
