"""The wheel's types (`__init__.pyi`) say what the module has, and say it of everything."""

import ast
import inspect
import unittest
from pathlib import Path

import samspor

STUB = ast.parse(Path(samspor.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
CLASSES = {node.name: node for node in STUB.body if isinstance(node, ast.ClassDef)}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def functions(node):
    return {one.name: one for one in node.body if isinstance(one, FUNCTIONS)}


def bases(node):
    return [ast.unparse(base) for base in node.bases]


def parameters(node):
    told = node.args
    return [one.arg for one in [*told.args, *told.kwonlyargs] if one.arg not in ("self", "cls")]


class Types(unittest.TestCase):
    def test_everything_that_is_exported_is_typed(self):
        typed = {*CLASSES, *functions(STUB)}
        exported = {name for name in samspor.__all__ if not name.endswith(("Impl", "InternalError"))}
        self.assertGreater(len(exported), 100)
        self.assertEqual(exported - typed, set())
        for node in ast.walk(STUB):
            if isinstance(node, FUNCTIONS):
                self.assertIsNotNone(node.returns, node.name)
                for one in [*node.args.args, *node.args.kwonlyargs]:
                    self.assertTrue(one.annotation or one.arg in ("self", "cls"), f"{node.name}({one.arg})")
            if isinstance(node, (ast.Name, ast.Attribute)):
                self.assertNotIn(ast.unparse(node), ("object", "Any", "typing.Any"))

    def test_calls_take_what_the_module_takes(self):
        for name, node in CLASSES.items():
            is_of = getattr(samspor, name, None)
            if is_of is None:
                continue
            own = {key for key, value in vars(is_of).items() if not key.startswith("_") and inspect.isroutine(value)}
            told = functions(node)
            self.assertEqual(own - set(told), set(), name)
            for call in own:
                taken = list(inspect.signature(getattr(is_of, call)).parameters)
                self.assertEqual(parameters(told[call]), [one for one in taken if one != "self"], f"{name}.{call}")
                is_waited_for = inspect.iscoroutinefunction(getattr(is_of, call))
                self.assertEqual(isinstance(told[call], ast.AsyncFunctionDef), is_waited_for, f"{name}.{call}")

    def test_a_variant_is_a_subtype_with_its_fields(self):
        seen = 0
        for name, node in CLASSES.items():
            for alias in (one for one in node.body if isinstance(one, ast.AnnAssign) and one.value):
                variant = getattr(getattr(samspor, name), alias.target.id)
                self.assertTrue(issubclass(variant, getattr(samspor, name)))
                typed = CLASSES[alias.value.id]
                self.assertEqual(bases(typed), [name])
                taken = list(inspect.signature(variant).parameters)
                self.assertEqual(parameters(functions(typed)["__init__"]), taken, f"{name}.{alias.target.id}")
                seen += 1
        self.assertGreater(seen, 50)

    def test_an_error_is_caught_with_its_fields(self):
        error = CLASSES["SamsporError"]
        self.assertEqual(bases(error), ["Exception"])
        told = {one.target.id: ast.unparse(one.annotation) for one in error.body if isinstance(one, ast.AnnAssign)}
        self.assertEqual((told["code"], told["detail"]), ("str", "str"))
        refused = functions(CLASSES["_SamsporError_Refused"])["__init__"]
        self.assertEqual(ast.unparse(refused.args.args[3].annotation), "typing.List[str]")
        self.assertEqual(samspor.SamsporError.Refused("a", "b", ["c"]).fields, ["c"])
