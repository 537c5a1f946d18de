// Reads the figures of a slot aloud below its curve, by pointer and by arrow keys. Without it, the browser's own tips
// and the table below say the same.
for (const curve of document.querySelectorAll("svg.curve")) {
  const slots = [...curve.querySelectorAll(".slot")];
  if (!slots.length) continue;
  const reading = document.createElement("p");
  reading.className = "reading";
  reading.setAttribute("aria-live", "polite");
  curve.after(reading);
  let at = -1;
  const read = (place) => {
    at = Math.min(Math.max(place, 0), slots.length - 1);
    slots.forEach((slot, other) => { slot.style.fillOpacity = other === at ? 0.16 : ""; });
    reading.textContent = slots[at].querySelector("title").textContent;
  };
  slots.forEach((slot, place) => slot.addEventListener("pointerenter", () => read(place)));
  curve.setAttribute("tabindex", "0");
  curve.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -12, PageDown: 12, Home: -slots.length, End: slots.length };
    if (!(event.key in steps)) return;
    event.preventDefault();
    read((at < 0 ? 0 : at) + steps[event.key]);
  });
}
