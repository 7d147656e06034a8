// The log-in of this page: asks for tokens, keeps the access token in memory, refreshes it before it ends.
//
// The refresh token is in an HttpOnly cookie that the gateway sets and only `refreshSession` uses; this page never sees
// it. `makeSession({ask, later, now, changed})`: `ask(query, variables)` sends an operation and returns `data`, `later`
// is setTimeout, `now` Date.now, `changed` is called when somebody came or went.
window.makeSession = ({ ask, later, now, changed }) => {
  const SESSION = "session { accessToken accessTokenExpiresAt person { name } } userErrors { message }";
  const EARLY = 30_000;
  let current = null;
  let waiting = null;

  const adopt = (payload) => {
    current = payload?.session ?? null;
    waiting = null;
    changed(current);
    if (current) {
      const life = Date.parse(current.accessTokenExpiresAt) - now();
      later(refresh, Math.max(life - EARLY, 1_000));
    }
    return current !== null;
  };
  const refresh = () => {
    waiting ??= ask(`mutation Refresh { refreshSession { ${SESSION} } }`).then((data) => adopt(data?.refreshSession), () => adopt(null));
    return waiting;
  };

  return {
    // Goes on with the session that the browser has a cookie of; false where there is none.
    resume: refresh,
    // Returns what is wrong, or nothing.
    async logIn(input) {
      const query = `mutation LogIn($input: LogInInput!) { logIn(input: $input) { ${SESSION} challenge { __typename } } }`;
      const payload = (await ask(query, { input }))?.logIn;
      if (payload && adopt(payload)) return "";
      if (payload?.challenge) return "This account needs a second factor: run logIn and completeLogIn, and paste the token as a header.";
      return payload?.userErrors?.map((one) => one.message).join(" ") || "The log-in failed.";
    },
    async logOut() {
      await ask("mutation LogOut { logOut { done } }");
      current = null;
      changed(null);
    },
    // What goes with every operation; what was typed as a header comes first.
    headers: (typed) => (current && !typed.authorization ? { ...typed, authorization: `Bearer ${current.accessToken}` } : typed),
  };
};
