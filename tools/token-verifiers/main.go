// Command token-verifiers verifies one access token with Go's common libraries, as a system that trusts the portal would.
//
// It reads {"token", "jwks", "issuer", "audience", "type"} from standard input and prints the verdict of each library: "ok"
// or its error.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/golang-jwt/jwt/v5"
	"github.com/lestrrat-go/jwx/v3/jwk"
	jwxtoken "github.com/lestrrat-go/jwx/v3/jwt"
)

type given struct {
	Token    string          `json:"token"`
	JWKS     json.RawMessage `json:"jwks"`
	Issuer   string          `json:"issuer"`
	Audience string          `json:"audience"`
}

func main() {
	var in given
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	keys, err := jwk.Parse(in.JWKS)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	verdicts := map[string]string{
		"golang-jwt":                 verdict(withGolangJWT(in, keys)),
		"jwx":                        verdict(withJWX(in, keys)),
		"go-oidc":                    verdict(withOIDC(in, "ES256")),
		"go-oidc, told no algorithm": verdict(withOIDC(in)),
	}
	_ = json.NewEncoder(os.Stdout).Encode(verdicts)
}

func verdict(err error) string {
	if err != nil {
		return err.Error()
	}
	return "ok"
}

func withGolangJWT(in given, keys jwk.Set) error {
	find := func(token *jwt.Token) (any, error) {
		key, found := keys.LookupKeyID(token.Header["kid"].(string))
		if !found {
			return nil, fmt.Errorf("no such key")
		}
		var raw any
		err := jwk.Export(key, &raw)
		return raw, err
	}
	_, err := jwt.Parse(in.Token, find, jwt.WithValidMethods([]string{"ES256"}), jwt.WithAudience(in.Audience),
		jwt.WithIssuer(in.Issuer), jwt.WithIssuedAt(), jwt.WithExpirationRequired())
	return err
}

func withJWX(in given, keys jwk.Set) error {
	_, err := jwxtoken.Parse([]byte(in.Token), jwxtoken.WithKeySet(keys), jwxtoken.WithIssuer(in.Issuer),
		jwxtoken.WithAudience(in.Audience))
	return err
}

func withOIDC(in given, algorithms ...string) error {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("content-type", "application/json")
		_, _ = w.Write(in.JWKS)
	}))
	defer server.Close()
	ctx := context.Background()
	verifier := oidc.NewVerifier(in.Issuer, oidc.NewRemoteKeySet(ctx, server.URL),
		&oidc.Config{ClientID: in.Audience, SupportedSigningAlgs: algorithms})
	_, err := verifier.Verify(ctx, in.Token)
	return err
}
