// While a release is rolled out, a page of one version may ask another for its files, which has others: the page is then
// loaded anew, a few times. This file is the same in each version; `main.tsx` forgets the tries once the page is there.
(() => {
  const MOST = 5;
  const PAUSE_MS = 1_000;
  const tries = Number(sessionStorage.getItem("portal.again") ?? 0);
  const again = ({ target }) => {
    const isOurs = String(target.src ?? target.href ?? "").includes("/assets/");
    if (!isOurs || tries >= MOST || document.getElementById("root")?.hasChildNodes()) return;
    removeEventListener("error", again, true);
    sessionStorage.setItem("portal.again", String(tries + 1));
    setTimeout(() => location.reload(), PAUSE_MS);
  };
  addEventListener("error", again, true);
})();
