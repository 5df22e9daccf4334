// Put before what is looked at: all that a payload calls to be noticed is told to the
// harness, and no link to the web is followed.
(() => {
  const tell = (what) => top.postMessage({ dialog: what, at: window.name }, "*");
  for (const name of ["alert", "confirm", "prompt", "print"]) {
    window[name] = (...args) => { tell(name + "(" + args.join() + ")"); return null; };
  }
  window.open = (url) => { tell("open(" + url + ")"); return null; };
  window.addEventListener("error", (e) => { if (e.message) tell("error: " + e.message); });
  window.addEventListener("securitypolicyviolation", (e) => tell("policy: " + e.violatedDirective));
  document.addEventListener("click", (e) => {
    const a = e.target.closest && e.target.closest("a, area");
    const href = a && (a.href.baseVal ?? a.href); // of a link in a drawing, or in text
    if (href && /^(https?|mailto):/.test(href)) e.preventDefault();
  }, true);
})();
