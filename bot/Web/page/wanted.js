// What somebody wanted to see when they had to sign in first: an address keeps what stands after # to itself, so it is kept here meanwhile.

const KEY = "wanted";
const LASTS = 15 * 60e3;

// The address that was wanted a short while ago; "" for none. It is forgotten when it is taken.
export function wanted(isTaken = false) {
  const [at, hash] = JSON.parse(localStorage.getItem(KEY) ?? "[0, \"\"]");
  if (isTaken) localStorage.removeItem(KEY);
  return Date.now() - at < LASTS ? hash : "";
}

const body = document.body;
if (body.classList.contains("signed-out") && location.hash.length > 2) localStorage.setItem(KEY, JSON.stringify([Date.now(), location.hash]));
if (body.dataset.goTo) location.replace(body.dataset.goTo);
