"""The data behind the four subgraphs: users, products, stock and reviews, the same in every run."""

from typing import Any

USERS: list[dict[str, Any]] = [
    {"id": str(n), "name": name, "username": f"{name.split()[0].lower()}{n}", "birthday": 1900 + n}
    for n, name in enumerate(
        ["Uri Goldshtein", "Dotan Simha", "Kamil Kisiela", "Arda Tanrikulu", "Gil Gardosh", "Laurin Quast"], start=1
    )
]
PRODUCTS: list[dict[str, Any]] = [
    {"upc": str(n), "name": name, "price": 100 * n + 99, "weight": 50 * n, "inStock": n % 3 != 0}
    for n, name in enumerate(["Table", "Couch", "Glass", "Chair", "TV", "Lamp", "Grill", "Fridge", "Sofa"], start=1)
]
REVIEWS: list[dict[str, Any]] = [
    {
        "id": str(n),
        "body": f"Review {n}: {'well made, quick delivery.' * (1 + n % 2)}",
        "author": str(1 + n % 5),
        "product": str(1 + n * 7 % 6),
    }
    for n in range(1, 23)
]


def user(user_id: str) -> dict[str, Any] | None:
    """Return a user by id."""
    return next((one for one in USERS if one["id"] == user_id), None)


def product(upc: str) -> dict[str, Any] | None:
    """Return a product by its code."""
    return next((one for one in PRODUCTS if one["upc"] == upc), None)


def shipping(one: dict[str, Any]) -> int | None:
    """Return the shipping estimate of a product whose price and weight are known."""
    if one.get("price") is None or one.get("weight") is None:
        return None
    return 0 if one["price"] > 800 else round(one["weight"] * 0.5)
