// Flashes and sounds while the page shows a siren (dashboard/ui/siren.py), wherever Streamlit has put it. What it does
// stands on the page's root: data-flash is "on" and "off" in turn, once a second (three or more flashes a second can
// bring on a fit), which screen.css shows: an animation would have the whole wall drawn anew 60 times a second.
// data-siren is "sounding" or "silent". A browser lets a page sound only once somebody has touched it, or if it was told
// to (--autoplay-policy); until then data-sound is "off", and there is a hint.
(() => {
  const root = document.documentElement, audio = new AudioContext(), volume = audio.createGain();
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const TONES_HZ = [880, 660, 880, 660], TONE_S = 0.25, EVERY_S = 2.5, LOOK_MS = 250, FLASH_MS = 500;
  let chimes = 0, flashes = 0;
  volume.connect(audio.destination);

  function tell() {  // what is drawn by the server's data, as the map's pulse, asks the cookie
    document.cookie = `gw_calm=1; path=/; samesite=lax; max-age=${calm.matches ? 86400 : 0}`;
  }

  function chime(at) {
    TONES_HZ.forEach((hz, n) => {
      const tone = audio.createOscillator(), fade = audio.createGain(), begins = at + n * TONE_S;
      tone.type = "triangle";
      tone.frequency.value = hz;
      fade.gain.setValueAtTime(0, begins);
      fade.gain.linearRampToValueAtTime(1, begins + 0.02);  // without ramps it clicks
      fade.gain.setValueAtTime(1, begins + TONE_S - 0.03);
      fade.gain.linearRampToValueAtTime(0, begins + TONE_S);
      tone.connect(fade).connect(volume);
      tone.start(begins);
      tone.stop(begins + TONE_S);
    });
  }

  function show(name, value) {
    if (root.dataset[name] !== value) root.dataset[name] = value;
  }

  function look() {
    const there = document.querySelector(".gw-siren") !== null, on = audio.state === "running";
    show("sound", on ? "on" : "off");
    show("siren", there && on ? "sounding" : "silent");
    volume.gain.value = there ? 0.4 : 0;  // at once, also in the middle of a chime
    if (there && on && audio.currentTime >= chimes) {
      chime(audio.currentTime + 0.05);
      chimes = audio.currentTime + EVERY_S;
    }
    const now = performance.now();
    if (!there) delete root.dataset.flash;
    else if (calm.matches) show("flash", "on");
    else if (!root.dataset.flash || now >= flashes) {
      show("flash", root.dataset.flash === "on" ? "off" : "on");
      flashes = now + FLASH_MS;
    }
  }

  for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, () => audio.resume().then(look));
  audio.addEventListener("statechange", look);
  calm.addEventListener("change", tell);
  tell();
  setInterval(look, LOOK_MS);
})();
