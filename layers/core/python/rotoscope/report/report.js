"use strict";

const facts = JSON.parse(document.getElementById("facts").textContent);
const byId = (id) => document.getElementById(id);
const canvas = byId("picture"), stage = canvas.parentElement, brush = canvas.getContext("2d"), split = byId("split");
const film = byId("film"), stills = [byId("before"), byId("after")];

/* Both halves are drawn from one moment of one film, so that they can never run apart. */
function sides() {
  if (!film) {
    return stills.map((still) => [still, 0, 0, still.naturalWidth, still.naturalHeight]);
  }
  const half = Math.floor((film.videoWidth - facts.gap) / 2);
  return [0, film.videoWidth - half].map((left) => [film, left, 0, half, film.videoHeight]);
}

function draw() {
  if (film ? film.readyState < 2 : stills.some((still) => !still || !still.naturalWidth)) return;
  const [before, after] = sides(), width = before[3], height = before[4];
  if (canvas.width !== width || canvas.height !== height) {
    Object.assign(canvas, { width, height });
    stage.style.setProperty("--aspect", width / height);
  }
  const line = Math.round((width * split.value) / 100);
  brush.drawImage(...after, 0, 0, width, height);
  brush.save();
  brush.beginPath();
  brush.rect(0, 0, line, height);
  brush.clip();
  brush.drawImage(...before, 0, 0, width, height);
  brush.restore();
}

function moveLine() {
  stage.style.setProperty("--line", split.value + "%");
  stage.classList.toggle("all-result", split.value < 12);
  stage.classList.toggle("all-source", split.value > 88);
  split.setAttribute("aria-valuetext", Math.round(split.value) + " % source");
  draw();
}

/* Frame starts in seconds, unpacked from (length, how many in a row). */
function starts() {
  const found = [0];
  for (const [length, count] of facts.moments) {
    for (let n = 0; n < count; n++) found.push(found[found.length - 1] + length);
  }
  return found;
}

function wayOf(frame) {
  for (const [way, count] of facts.ways) {
    if (frame < count) return facts.names[way];
    frame -= count;
  }
  return "";
}

function clock(seconds) {
  const hundredths = Math.round(seconds * 100), minutes = Math.floor(hundredths / 6000);
  return minutes + ":" + ((hundredths % 6000) / 100).toFixed(2).padStart(5, "0");
}

function playFilm() {
  const moments = starts(), last = moments.length - 2, seek = byId("seek"), play = byId("play"), sound = byId("sound");
  const plots = [...document.querySelectorAll(".over-time")];
  for (const plot of plots) plot.append(Object.assign(document.createElement("i"), { className: "now" }));

  function frameAt(seconds) {
    let low = 0, high = last;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (moments[middle] <= seconds + 1e-3) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /* A film that plays backwards after its end shows the frames before its last one again. */
  function onTheWayThere(seconds) {
    const end = moments[last + 1];
    return !facts.back || seconds < end ? seconds : Math.max(moments[Math.min(1, last)], moments[last] - (seconds - end) - 2e-3);
  }

  function show() {
    draw();
    const frame = frameAt(onTheWayThere(film.currentTime));
    const text = `frame ${facts.index[0] + frame * facts.index[1]}, ${clock(moments[frame])}, ${wayOf(frame)}`;
    seek.value = frame;
    seek.setAttribute("aria-valuetext", text);
    byId("where").textContent = text;
    for (const plot of plots) plot.style.setProperty("--now", (100 * moments[frame]) / moments[last + 1] + "%");
  }

  function goTo(seconds) {
    const frame = frameAt(seconds);
    film.pause();
    film.currentTime = (moments[frame] + moments[frame + 1]) / 2;
  }

  function follow() {
    show();
    if (!film.paused && !film.ended) requestAnimationFrame(follow);
  }

  function toggle() {
    if (film.paused) film.play();
    else film.pause();
  }

  for (const event of ["loadeddata", "seeked", "pause"]) film.addEventListener(event, show);
  film.addEventListener("play", follow);
  for (const event of ["play", "pause", "ended"]) {
    film.addEventListener(event, () => { play.textContent = film.paused || film.ended ? "Play" : "Pause"; });
  }
  film.addEventListener("error", () => { byId("where").textContent = "This browser cannot show the film."; });
  play.addEventListener("click", toggle);
  seek.addEventListener("input", () => goTo(moments[seek.value]));
  if (sound) sound.addEventListener("click", () => {
    film.muted = !film.muted;
    sound.setAttribute("aria-pressed", String(!film.muted));
  });
  for (const plot of plots) {
    plot.addEventListener("click", (event) => {
      const box = plot.getBoundingClientRect();
      goTo((moments[last + 1] * (event.clientX - box.left)) / box.width);
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target === document.body) {
      event.preventDefault();
      toggle();
    }
  });
  return goTo;
}

function unpackFilm() {
  const packed = byId("embedded").textContent;
  if (!film || !packed) return;
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  film.src = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
}

function showStill(card) {
  const pictures = card.querySelectorAll("img");
  if (pictures.length === 2) pictures.forEach((picture, n) => { stills[n].src = picture.src; });
}

const goTo = film ? playFilm() : null;
if (!film) for (const still of stills) if (still) still.addEventListener("load", draw);
for (const card of document.querySelectorAll(".contact button")) {
  card.addEventListener("click", () => {
    if (goTo) goTo(Number(card.dataset.at));
    else if (stills[1]) showStill(card);
    byId("player").scrollIntoView({ block: "nearest" });
  });
}
split.addEventListener("input", moveLine);
unpackFilm();
moveLine();
