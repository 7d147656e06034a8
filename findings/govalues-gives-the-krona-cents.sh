#!/usr/bin/env bash
# Guess: a Go library that takes its currencies from ISO 4217 gives the Icelandic króna no decimals (as the standard has it since 2007), so 1500 minor units are 1500 krónur, as for the yen.
# So: the króna has two decimals there: 1500 minor units read as 15.00, a hundredth of what is owed; the currencies of 2021 to 2025 (VED, SLE, ZWG, XCG) are not known at all.
# Source: github.com/govalues/money v0.2.4, currency table; ISO 4217 list one (ISK: minor unit 0). Beside it: github.com/bojanz/currency v1.4.2
set -eu
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
export GOFLAGS=-mod=mod GOPATH="$folder/go"
cat > go.mod <<'MOD'
module krona

go 1.24

require (
	github.com/bojanz/currency v1.4.2
	github.com/govalues/money v0.2.4
)
MOD
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"

	"github.com/bojanz/currency"
	"github.com/govalues/money"
)

func main() {
	fmt.Println("github.com/govalues/money v0.2.4, github.com/bojanz/currency v1.4.2")
	for _, code := range []string{"JPY", "ISK", "EUR"} {
		amount, err := money.NewAmountFromMinorUnits(code, 1500)
		if err != nil {
			panic(err)
		}
		digits, _ := currency.GetDigits(code)
		fmt.Println(code, "1500 minor units:", amount, "- bojanz/currency has", digits, "decimals")
	}
	unknown := 0
	for _, code := range []string{"VED", "SLE", "ZWG", "XCG"} {
		_, err := money.ParseCurr(code)
		_, known := currency.GetDigits(code)
		fmt.Println(code, "known:", err == nil, "- to bojanz/currency:", known)
		if err != nil && known {
			unknown++
		}
	}
	krona, _ := money.NewAmountFromMinorUnits("ISK", 1500)
	digits, _ := currency.GetDigits("ISK")
	if krona.String() != "ISK 15.00" || digits != 0 || unknown != 4 {
		os.Exit(1)
	}
}
GO
nice go run . 2>/dev/null
