// Slides of 1280 × 760. What is taller all the same is made smaller, never cut off.
Reveal.initialize({
  width: 1280,
  height: 760,
  margin: 0.02,
  center: false,
  hash: true,
  slideNumber: "c/t",
  transition: "none",
  plugins: [RevealNotes],
});

function fit(slide) {
  slide.style.zoom = 1;
  const taller = slide.scrollHeight / 740;
  if (taller > 1) slide.style.zoom = 1 / taller;
}

function fitCurrent() {
  const slide = Reveal.getCurrentSlide();
  if (slide) fit(slide);
}

Reveal.on("ready", fitCurrent);
Reveal.on("slidechanged", fitCurrent);
