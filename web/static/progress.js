// Fetches how far a run is, every two seconds, and puts it in the place of what stood there. Without it, the page
// loads itself again.
const place = document.getElementById("progress");
const look = async () => {
  try {
    const answer = await fetch(place.dataset.address, { headers: { Accept: "text/html" } });
    if (answer.ok) {
      place.innerHTML = await answer.text();
      if (place.querySelector("[data-ended]")) {
        location.reload();
        return;
      }
    }
  } catch {
    // The service is away for a moment; it is asked again.
  }
  setTimeout(look, 2000);
};
setTimeout(look, 1000);
