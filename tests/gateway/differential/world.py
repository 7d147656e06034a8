"""A random schema, split over subgraphs at random, as data: which subgraph knows what of each type."""

from dataclasses import dataclass, field, replace
from random import Random
from typing import Literal

Kind = Literal["entity", "value", "root"]
SCALARS = ("Int", "String", "Float", "Boolean", "ID", "Color", "JSON")
SHAPES = ("{}", "{}", "{}", "{}!", "[{}]", "[{}!]", "[{}!]!", "[[{}]]", "[[{}!]!]")
SUBGRAPHS = ("a", "b", "c", "d")
LABEL = "moved"
"""The label of overrides that only some requests see."""


@dataclass
class Field:
    """One field: its type, and what each subgraph has to do with it."""

    name: str
    base: str
    shape: str = "{}"
    owners: list[str] = field(default_factory=list[str])
    argument: bool = False
    required_in: dict[str, str] = field(default_factory=dict[str, str])
    needs: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    external_in: set[str] = field(default_factory=set[str])
    overrides: str | None = None
    label: str | None = None
    clean: bool = False

    @property
    def type(self) -> str:
        """The type as SDL."""
        return self.shape.format(self.base)


@dataclass
class Type:
    """An object type: its fields, and its keys in each subgraph that knows it."""

    name: str
    kind: Kind
    fields: dict[str, Field] = field(default_factory=dict[str, Field])
    keys: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    style: str = "id"
    unresolvable: set[str] = field(default_factory=set[str])
    never: set[str] = field(default_factory=set[str])

    @property
    def subgraphs(self) -> list[str]:
        """The subgraphs that know the type."""
        return sorted(self.keys)

    @property
    def resolvable(self) -> list[str]:
        """The subgraphs that can be asked for it by a key."""
        return [one for one in self.subgraphs if one not in self.unresolvable]


@dataclass
class Interface:
    """An interface: its members, the subgraphs that define it, and its fields besides `id` by subgraph."""

    name: str
    members: list[str]
    subgraphs: list[str]
    fields: dict[str, list[str]]


@dataclass
class Union:
    """A union: the members that each subgraph knows."""

    name: str
    members: dict[str, list[str]]


@dataclass
class EntityInterface:
    """An interface with a key: its owner knows the members, other subgraphs know it as one `@interfaceObject`."""

    name: str
    members: list[str]
    owner: str
    fields: list[Field]
    objects: dict[str, Type]


@dataclass
class World:
    """Everything about one schema and its split."""

    subgraphs: list[str]
    types: dict[str, Type]
    interfaces: dict[str, Interface]
    unions: dict[str, Union]
    entity_interfaces: dict[str, EntityInterface] = field(default_factory=dict[str, EntityInterface])

    def kinds(self) -> set[str]:
        """Return what of federation it makes use of."""
        fields = [one for type_ in self.types.values() for one in type_.fields.values()]
        shared = [one for one in fields if len(one.owners) > 1 and one.shape.startswith("[") and one.base != "Ref"]
        found = {
            "shareable lists": any(shared),
            "shareable lists of objects": any(one.base not in SCALARS for one in shared),
            "partial unions": any(len({*map(tuple, one.members.values())}) > 1 for one in self.unions.values()),
            "provides": any(one.provides for one in fields),
            "requires": any(one.required_in for one in fields),
            "interface objects": bool(self.entity_interfaces),
            "override labels": any(one.label for one in fields),
        }
        return {name for name, there in found.items() if there}

    @property
    def entities(self) -> list[Type]:
        """The types with keys."""
        return [one for one in self.types.values() if one.kind == "entity"]


KEYS = {
    "id": ("id",),
    "two": ("id", "sku"),
    "compound": ("id region",),
    "nested": ("ref { code }",),
    "list": ("tags",),
    "objects": ("parts { code }",),
}
KEY_FIELDS = {
    "id": Field("id", "ID", "{}!", clean=True),
    "sku": Field("sku", "String", "{}!", clean=True),
    "region": Field("region", "Int", "{}!", clean=True),
    "ref": Field("ref", "Ref", "{}!", clean=True),
    "tags": Field("tags", "String", "[{}!]!", clean=True),
    "parts": Field("parts", "Ref", "[{}!]!", clean=True),
}


class Maker:
    """Makes a world, one decision after the other, all of them from one source of chance."""

    def __init__(self, random: Random) -> None:
        """Start with empty subgraphs."""
        self.random = random
        self.world = World(list(SUBGRAPHS[: random.randint(2, 4)]), {}, {}, {})

    def make(self) -> World:
        """Return the world."""
        world = self.world
        world.types["Query"] = Type("Query", "root", keys={one: [] for one in world.subgraphs})
        for at in range(self.random.randint(2, 4)):
            self._entity(f"E{at}")
        for at in range(self.random.randint(0, 2)):
            self._value(f"V{at}")
        if self._chance(0.7):
            self._interface()
        if self._chance(0.5):
            self._entity_interface()
        if self._chance(0.6):
            self._union()
        for type_ in world.entities:
            self._fields(type_)
        for type_ in world.entities:
            self._requires(type_)
        self._roots()
        if self._chance(0.4):
            self._split_value()
        self._provides()
        return world

    def _chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def _some(self, names: list[str], least: int = 1) -> list[str]:
        return sorted(self.random.sample(names, self.random.randint(least, len(names))))

    def _entity(self, name: str) -> None:
        style = self.random.choice(("id", "id", "id", "two", "two", "compound", "nested", "list", "objects"))
        type_ = self.world.types[name] = Type(name, "entity", style=style)
        for subgraph in self._some(self.world.subgraphs):
            self.know(type_, subgraph)

    def know(self, type_: Type, subgraph: str) -> None:
        """Let a subgraph know a type, with one of its keys."""
        if subgraph in type_.keys:
            return
        if type_.kind != "entity":
            type_.keys[subgraph] = []
            for one in type_.fields.values():
                one.owners.append(subgraph)
                if one.base in self.world.types:
                    self._meet(self.world.types[one.base], subgraph)
            return
        keys = list(KEYS[type_.style])
        if type_.style == "two" and type_.keys and self._chance(0.6):
            keys = [self.random.choice(keys)]
        type_.keys[subgraph] = keys
        for key in keys:
            for name in key.replace("{ code }", "").split():
                known = type_.fields.setdefault(name, _copy(KEY_FIELDS[name]))
                known.owners = sorted({*known.owners, subgraph})
                if known.base == "Ref":
                    self._ref(subgraph)

    def _ref(self, subgraph: str) -> None:
        ref = self.world.types.setdefault("Ref", Type("Ref", "value"))
        self.know(ref, subgraph)
        code = ref.fields.setdefault("code", Field("code", "String", "{}!", clean=True))
        code.owners = list(ref.subgraphs)

    def _value(self, name: str) -> None:
        type_ = self.world.types[name] = Type(name, "value")
        for at in range(self.random.randint(1, 3)):
            base = self.random.choice(self.world.entities).name if self._chance(0.3) else self.random.choice(SCALARS)
            one = Field(f"{name.lower()}_{at}", base, self.random.choice(SHAPES))
            type_.fields[one.name] = one

    def _split_value(self) -> None:
        """Make a type whose fields are spread over subgraphs that all have a root field for it."""
        type_ = self.world.types["W0"] = Type("W0", "value")
        subgraphs = self._some(self.world.subgraphs)
        for subgraph in subgraphs:
            type_.keys[subgraph] = []
        spread = [[one] for one in subgraphs] + [self._some(subgraphs) for _ in range(2)]
        for at, owners in enumerate(spread):
            base, shape = self.random.choice(SCALARS), self.random.choice(SHAPES)
            type_.fields[f"w0_{at}"] = Field(f"w0_{at}", base, shape, owners)
        self.world.types["Query"].fields["shared_w0"] = Field("shared_w0", "W0", self.random.choice(("{}", "{}!")),
                                                              list(subgraphs), clean=True)  # fmt: skip

    def _interface(self) -> None:
        members = self._some([one.name for one in self.world.entities], 1)
        subgraphs = self._some(self.world.subgraphs)
        fields: dict[str, list[str]] = {"label": subgraphs}
        for subgraph in subgraphs:
            if self._chance(0.5):
                fields[f"i_{subgraph}"] = [subgraph]
                for member in members:
                    self.know(self.world.types[member], subgraph)
        for member in members:
            type_ = self.world.types[member]
            if not set(type_.subgraphs) & set(subgraphs):
                self.know(type_, subgraphs[0])
            for name, where in fields.items():
                owners = [one for one in where if one in type_.keys]
                type_.fields[name] = Field(name, "String" if name == "label" else "Int", owners=owners)
        for name in list(fields):
            fields[name] = [s for s in fields[name] if all(
                s in self.world.types[m].fields[name].owners for m in members if s in self.world.types[m].keys
            )]  # fmt: skip
        used = [s for s in subgraphs if any(s in self.world.types[m].keys for m in members)]
        self.world.interfaces["I0"] = Interface("I0", members, used, fields)

    def _entity_interface(self) -> None:
        """Make an entity interface; the subgraphs that know it as one object never know its members."""
        subgraphs = self.random.sample(self.world.subgraphs, self.random.randint(2, len(self.world.subgraphs)))
        owner, others = subgraphs[0], sorted(subgraphs[1:])
        own = [Field("k_0", self.random.choice(SCALARS), self.random.choice(SHAPES), [owner])]
        objects: dict[str, Type] = {}
        for subgraph in others:
            object_ = objects[subgraph] = Type("K0", "entity", {"id": _copy(KEY_FIELDS["id"])}, {subgraph: ["id"]})
            for at in range(self.random.randint(1, 2)):
                base, shape = self.random.choice(SCALARS), self.random.choice(SHAPES)
                one = Field(f"k_{subgraph}{at}", base, shape, [subgraph])
                object_.fields[one.name] = one
            if self._chance(0.5):
                self._object_requires(object_, subgraph, own[0])
        members = [f"M{at}" for at in range(self.random.randint(1, 3))]
        for name in members:
            type_ = self.world.types[name] = Type(name, "entity", never=set(others))
            self.know(type_, owner)
            for one in [*own, *(f for s, each in objects.items() for f in each.fields.values() if f.owners == [s])]:
                type_.fields[one.name] = replace(one, external_in=set())
        self.world.entity_interfaces["K0"] = EntityInterface("K0", members, owner, own, objects)

    def _object_requires(self, object_: Type, subgraph: str, needed: Field) -> None:
        needed.clean = True
        needed.external_in.add(subgraph)
        object_.fields[needed.name] = needed
        name = f"k_{subgraph}_calc"
        needs = {subgraph: needed.name}
        object_.fields[name] = Field(
            name, "String", owners=[subgraph], required_in=needs, needs=(needed.name,), clean=True
        )

    def _union(self) -> None:
        members: dict[str, list[str]] = {}
        for subgraph in self._some(self.world.subgraphs):
            names = self._some([one.name for one in self.world.entities if subgraph not in one.never])
            for name in names:
                self.know(self.world.types[name], subgraph)
            members[subgraph] = names
        self.world.unions["U0"] = Union("U0", members)

    def _fields(self, type_: Type) -> None:
        for at in range(self.random.randint(2, 6)):
            owner = self.random.choice(type_.resolvable)
            one = self._field(f"{type_.name.lower()}_{at}", owner)
            type_.fields[one.name] = one
            if one.base in SCALARS:
                self._share(type_, one)
            else:
                self._share_objects(type_, one)

    def _share(self, type_: Type, one: Field) -> None:
        others = [s for s in type_.resolvable if s not in one.owners and not one.name.startswith("k_")]
        if others and self._chance(0.2):
            one.owners.append(self.random.choice(others))
        elif others and self._chance(0.15):
            one.overrides = self.random.choice(others)
            one.label = LABEL if self._chance(0.5) else None

    def _share_objects(self, type_: Type, one: Field) -> None:
        """Let another subgraph resolve a field of objects too, lists and abstract types among them."""
        others = [s for s in type_.resolvable if s not in one.owners and self._returns(one, s)]
        if others and self._chance(0.35):
            other = self.random.choice(others)
            one.owners.append(other)
            if one.base in self.world.types:
                self._meet(self.world.types[one.base], other)

    def _returns(self, one: Field, other: str) -> bool:
        """Tell whether a subgraph may return the same objects as the field's owner."""
        world, (owner,) = self.world, one.owners
        if one.base in world.unions:
            members = world.unions[one.base].members
            return not set(members[owner]).isdisjoint(members.get(other, ()))
        if one.base in world.interfaces:
            interface = world.interfaces[one.base]
            known = (world.types[name].keys for name in interface.members)
            return other in interface.subgraphs and any(owner in keys and other in keys for keys in known)
        return one.base in world.types and other not in world.types[one.base].never

    def _field(self, name: str, owner: str) -> Field:
        shape = self.random.choice(SHAPES)
        if self._chance(0.55):
            base = self.random.choice(SCALARS)
            plain = base in ("Int", "String") and shape in ("{}", "{}!")
            return Field(name, base, shape, [owner], argument=plain and self._chance(0.4))
        return Field(name, self._target(owner), shape, [owner])

    def _target(self, owner: str) -> str:
        world = self.world
        values = [one.name for one in world.types.values() if one.kind == "value" and one.name != "Ref"]
        abstract = [one.name for one in world.interfaces.values() if owner in one.subgraphs]
        abstract += [one.name for one in world.unions.values() if owner in one.members]
        abstract += [k.name for k in world.entity_interfaces.values() if owner == k.owner or owner in k.objects]
        names = [one.name for one in world.entities if owner not in one.never] + values + abstract * 2
        name = self.random.choice(names)
        if name in world.types:
            self._meet(world.types[name], owner)
        return name

    def _meet(self, type_: Type, owner: str) -> None:
        """Let a subgraph return objects of a type, if need be as a stub that others resolve."""
        new = owner not in type_.keys
        if new and type_.name in {m for one in self.world.interfaces.values() for m in one.members}:
            interface = next(iter(self.world.interfaces.values()))
            self.know(type_, owner)
            for name, where in interface.fields.items():
                if owner in where:
                    type_.fields[name].owners.append(owner)
            return
        self.know(type_, owner)
        if new and type_.kind == "entity" and self._chance(0.3):
            type_.unresolvable.add(owner)

    def _requires(self, type_: Type) -> None:
        for at in range(self.random.randint(0, 2)):
            owner = self.random.choice(type_.resolvable)
            foreign = [
                one
                for one in type_.fields.values()
                if owner not in one.owners and one.overrides != owner and one.base in (*SCALARS, "Ref")
            ]
            if not foreign:
                return
            chosen = self.random.sample(foreign, self.random.randint(1, min(2, len(foreign))))
            parts: list[str] = []
            for one in chosen:
                one.clean = True
                one.external_in.add(owner)
                argument = f"(n: {self.random.randint(0, 2)})" if one.argument else ""
                parts.append(f"{one.name}{argument}{' { code }' if one.base == 'Ref' else ''}")
            name = f"{type_.name.lower()}_calc{at}"
            type_.fields[name] = Field(
                name,
                "String",
                owners=[owner],
                required_in={owner: " ".join(parts)},
                needs=tuple(one.name for one in chosen),
                clean=True,
            )

    def _roots(self) -> None:
        query = self.world.types["Query"]
        for subgraph in self.world.subgraphs:
            for at in range(self.random.randint(1, 3)):
                one = self._field(f"q_{subgraph}{at}", subgraph)
                query.fields[one.name] = one
                if one.base not in SCALARS:
                    self._share_objects(query, one)

    def _provides(self) -> None:
        for type_ in list(self.world.types.values()):
            for one in type_.fields.values():
                target = self.world.types.get(one.base)
                if target is None or target.kind != "entity" or len(one.owners) != 1 or not self._chance(0.3):
                    continue
                owner = one.owners[0]
                foreign = [
                    each
                    for each in target.fields.values()
                    if owner not in each.owners and each.base in SCALARS and not each.argument and not each.required_in
                    and each.overrides is None and each.name not in ("label", "id", "sku", "region", "tags")
                    and not each.name.startswith("i_")
                ]  # fmt: skip
                if foreign:
                    chosen = self.random.choice(foreign)
                    chosen.external_in.add(owner)
                    one.provides = (chosen.name,)


def _copy(one: Field) -> Field:
    return Field(one.name, one.base, one.shape, clean=one.clean)
