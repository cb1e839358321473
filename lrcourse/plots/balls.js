(function () {
  // The figure's own script: it stands inside the figure, so that two figures never meet.
  const figure = document.currentScript && document.currentScript.closest("figure");
  if (!figure) return;
  const d = DATA, still = figure.querySelector("img"), W = 760, H = 280, ratio = window.devicePixelRatio || 1;
  const values = new Uint16Array(Uint8Array.from(atob(d.data), (c) => c.charCodeAt(0)).buffer);
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
  canvas.width = W * ratio; canvas.height = H * ratio;
  canvas.style.cssText = "display:block;max-width:100%;width:" + W + "px";
  canvas.setAttribute("role", "img"); canvas.setAttribute("aria-label", still.alt);
  const bar = document.createElement("div"), play = document.createElement("button");
  const slider = document.createElement("input"), said = document.createElement("span");
  bar.style.cssText = "display:flex;gap:10px;align-items:center;max-width:" + W + "px";
  play.type = "button"; play.style.minWidth = "5em";
  slider.type = "range"; slider.min = 0; slider.max = d.updates.length - 1; slider.value = 0; slider.style.flex = "1";
  slider.setAttribute("aria-label", "update"); said.style.minWidth = "8em";
  bar.append(play, slider, said);
  // JupyterLab takes plain keys for commands on cells.
  bar.addEventListener("keydown", (event) => event.stopPropagation());
  still.style.display = "none";
  still.after(canvas, bar);
  const panel = W / d.panels.length, two = d.dimensions === 2;
  const across = (x) => panel * (0.5 + 0.46 * x / d.reach[0]);
  const up = (y) => two ? 150 - 100 * y / d.reach[1] : 262 - 190 * (y / d.reach[0]) ** 2;
  function at(p, frame, ball, axis) {
    const place = ((p * d.updates.length + frame) * d.balls + ball) * d.dimensions + axis;
    return (values[place] / 65535 * 2 - 1) * d.reach[axis];
  }
  function valley() {
    pen.strokeStyle = d.grey; pen.lineWidth = 1; pen.globalAlpha = 0.6;
    if (!two) {
      pen.beginPath();
      for (let x = -1; x <= 1.001; x += 0.02) pen.lineTo(across(x * d.reach[0]), up(x * d.reach[0]) + 4);
      pen.stroke();
    } else for (const level of [0.12, 0.3, 0.5, 0.72, 0.95]) {
      pen.beginPath();
      pen.ellipse(across(0), up(0), level * panel * 0.46, level * 100 * d.oval, 0, 0, 7);
      pen.stroke();
    }
  }
  function draw() {
    const frame = +slider.value;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, W, H);
    pen.font = "13px " + getComputedStyle(figure).fontFamily;
    pen.textAlign = "center";
    d.panels.forEach((one, p) => {
      pen.save(); pen.translate(p * panel, 0);
      pen.beginPath(); pen.rect(0, 0, panel, H); pen.clip();
      valley();
      pen.globalAlpha = 1; pen.fillStyle = one.color;
      pen.fillText(one.label, panel / 2, 14);
      pen.fillStyle = d.grey;
      pen.fillText(one.measured[frame], panel / 2, 32);
      pen.fillStyle = one.color; pen.globalAlpha = 0.5;
      for (let ball = 0; ball < d.balls; ball++) {
        const x = at(p, frame, ball, 0);
        pen.beginPath(); pen.arc(across(x), two ? up(at(p, frame, ball, 1)) : up(x), 3, 0, 7); pen.fill();
      }
      if (two) {  // the way of one ball
        pen.globalAlpha = 1; pen.strokeStyle = one.color; pen.lineWidth = 1.2; pen.beginPath();
        for (let then = 0; then <= frame; then++) pen.lineTo(across(at(p, then, 0, 0)), up(at(p, then, 0, 1)));
        pen.stroke();
      }
      pen.restore();
    });
    said.textContent = "update " + d.updates[frame];
    slider.setAttribute("aria-valuetext", "update " + d.updates[frame]);
    canvas.dataset.update = d.updates[frame];
  }
  let timer = null;
  function stop() { clearInterval(timer); timer = null; play.textContent = "play"; }
  function start() {
    if (+slider.value === d.updates.length - 1) slider.value = 0;
    play.textContent = "pause";
    timer = setInterval(() => {
      if (!figure.isConnected || +slider.value === d.updates.length - 1) return stop();
      slider.value = +slider.value + 1; draw();
    }, 160);
  }
  play.addEventListener("click", () => (timer ? stop() : start()));
  slider.addEventListener("input", () => { stop(); draw(); });
  stop(); draw();
})();
