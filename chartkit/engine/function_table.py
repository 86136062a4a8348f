"""Every function that Helm gives to templates, by name: Go's, Sprig's, and Helm's own.

A chart uses a few families of functions out of many, and some of them are costly to import (regular expressions, dates,
certificates). So the table knows which module has a name, and imports a module when one of its functions is first used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Final

from chartkit.engine.funcs import HELM, MUST_TO_YAML
from chartkit.gotemplate.builtins import FUNCTIONS as BUILTINS
from chartkit.gotypes import Function
from chartkit.profile import Profile

FAMILIES: Final[Mapping[str, str]] = {
    "certificates": (
        "genCA genCAWithKey genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey "
        "buildCustomCert"
    ),
    "crypto": "bcrypt htpasswd genPrivateKey derivePassword encryptAES decryptAES",
    "dates": (
        "now date dateInZone date_in_zone htmlDate htmlDateInZone toDate mustToDate dateModify date_modify "
        "mustDateModify must_date_modify ago duration durationRound unixEpoch"
    ),
    "defaults": "all any coalesce deepEqual default empty kindIs kindOf ternary typeIs typeIsLike typeOf",
    "dicts": (
        "deepCopy dict dig get hasKey keys merge mergeOverwrite mustDeepCopy mustMerge mustMergeOverwrite omit "
        "pick pluck set unset values"
    ),
    "encoding": (
        "adler32sum b32dec b32enc b64dec b64enc fromJson fromJsonArray mustFromJson mustToJson mustToPrettyJson "
        "mustToRawJson sha1sum sha256sum sha512sum toJson toPrettyJson toRawJson"
    ),
    "lists": (
        "append mustAppend push mustPush prepend mustPrepend first mustFirst last mustLast rest mustRest initial "
        "mustInitial reverse mustReverse compact mustCompact uniq mustUniq without mustWithout has mustHas slice "
        "mustSlice chunk mustChunk concat list sortAlpha tuple"
    ),
    "numeric": (
        "add add1 add1f addf atoi biggest ceil div divf float64 floor int int64 max maxf min minf mod mul mulf "
        "round seq sub subf toDecimal until untilStep"
    ),
    "paths": "base clean dir ext isAbs osBase osClean osDir osExt osIsAbs",
    "randomness": "randAlpha randAlphaNum randAscii randBytes randInt randNumeric shuffle uuidv4",
    "regex": (
        "regexMatch mustRegexMatch regexFind mustRegexFind regexFindAll mustRegexFindAll regexReplaceAll "
        "mustRegexReplaceAll regexReplaceAllLiteral mustRegexReplaceAllLiteral regexSplit mustRegexSplit "
        "regexQuoteMeta"
    ),
    "semver": "semver semverCompare",
    "strings": (
        "upper lower title untitle swapcase snakecase kebabcase camelcase initials nospace abbrev abbrevboth cat "
        "contains hasPrefix hasSuffix hello indent join nindent plural quote repeat replace split splitList "
        "splitn squote substr toString toStrings trim trimAll trimall trimPrefix trimSuffix trunc wrap wrapWith"
    ),
    "toml": "fromToml mustToToml toToml",
    "urls": "urlParse urlJoin getHostByName",
    "durations": (
        "mustToDuration durationSeconds durationMilliseconds durationMicroseconds durationNanoseconds "
        "durationMinutes durationHours durationDays durationWeeks durationRoundTo durationTruncateTo"
    ),
}
"""The names that each module of `chartkit.sprig` has; a test holds them against the modules."""


class FunctionTable(Mapping[str, Function]):
    """Functions by name, imported as they are used."""

    def __init__(self, loaded: dict[str, Function], homes: dict[str, str]) -> None:
        self._loaded = loaded
        self._homes = homes

    def __getitem__(self, name: str) -> Function:
        function = self._loaded.get(name)
        if function is None:
            module = import_module(f"chartkit.sprig.{self._homes[name]}")
            for each in module.FUNCTIONS:
                if self._homes.get(each.name) == self._homes[name]:
                    self._loaded[each.name] = each
            function = self._loaded[name]
        return function

    def __contains__(self, name: object) -> bool:
        return name in self._loaded or name in self._homes

    def __iter__(self) -> Iterator[str]:
        yield from {**self._loaded, **self._homes}

    def __len__(self) -> int:
        return len(self._loaded.keys() | self._homes.keys())


@lru_cache(maxsize=8)
def functions(profile: Profile) -> FunctionTable:
    """Every function that a template may call; later families override earlier ones, as in Helm."""
    loaded = {function.name: function for group in (BUILTINS, HELM) for function in group}
    homes = {name: module for module, names in FAMILIES.items() for name in names.split()}
    # Sprig's own version replaces Go's, and Helm's replaces Sprig's.
    own = {function.name for function in HELM}
    loaded = {name: function for name, function in loaded.items() if name in own or name not in homes}
    homes = {name: module for name, module in homes.items() if name not in own}
    if profile.has_must_to_yaml:
        loaded["mustToYaml"] = MUST_TO_YAML
    if not profile.has_must_to_toml:
        del homes["mustToToml"]
    if not profile.has_durations:
        homes = {name: module for name, module in homes.items() if module != "durations"}
    return FunctionTable(loaded, homes)
