"""The types of the module that the bindings are, as a type checker reads them (`__init__.pyi`).

The module says them too, but builds the variants of its sum types and its errors as it is imported, where no checker
follows, and takes any object where an argument has a default. Here a variant is a subtype of its type, an error has its
fields, and an argument its own type. Nothing is written by hand: it is read off the module.
"""

import ast

HEAD = "import enum\nimport typing\n"
# What the module calls of itself: no app has a use for it.
INNER = ("Impl", "InternalError")
# An error's fields have no types of their own in the module; how each is read says it.
READ = {"_UniffiFfiConverterString": "str", "_UniffiFfiConverterSequenceString": "typing.List[str]"}


def exported(module):
    assigned = (node for node in module.body if isinstance(node, ast.Assign))
    names = next(node.value for node in assigned if ast.unparse(node.targets[0]) == "__all__")
    return [name for name in ast.literal_eval(names) if not name.endswith(INNER)]


def annotated(annotation):
    """Without the `object` that stands for a default."""
    text = ast.unparse(annotation)
    before = "typing.Union[object, "
    return text[len(before) : -1] if text.startswith(before) else text


def argument(argument, default):
    if argument.annotation is None:
        return argument.arg
    return f"{argument.arg}: {annotated(argument.annotation)}" + (" = ..." if default else "")


def arguments(of):
    unset = [None] * (len(of.args) - len(of.defaults))
    told = [argument(*one) for one in zip(of.args, unset + of.defaults)]
    if of.kwonlyargs:
        told += ["*", *(argument(*one) for one in zip(of.kwonlyargs, of.kw_defaults))]
    return ", ".join(told)


def said(node, indent):
    """Its documentation, as the module has it."""
    text = ast.get_docstring(node)
    return f"{indent}{text!r}\n" if text else ""


def function(node, indent=""):
    decorators = "".join(f"{indent}@{ast.unparse(one)}\n" for one in node.decorator_list)
    word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    returns = ast.unparse(node.returns) if node.returns else "None"
    head = f"{indent}{word} {node.name}({arguments(node.args)}) -> {returns}:"
    return f"{decorators}{head}\n{said(node, indent + '    ')}{indent}    ...\n"


def functions(node):
    return [one for one in node.body if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))]


def nested(node):
    return [one for one in node.body if isinstance(one, ast.ClassDef)]


def attributes(init, indent):
    told = [*init.args.args[1:], *init.args.kwonlyargs]
    return "".join(f"{indent}{one.arg}: {annotated(one.annotation)}\n" for one in told)


def headed(node, bases=None):
    bases = [ast.unparse(base) for base in node.bases] if bases is None else bases
    return f"\nclass {node.name}({', '.join(bases)}):\n{said(node, '    ')}"


def plain(node):
    """A record, an object, or what an app implements."""
    text = headed(node)
    for one in functions(node):
        if one.name == "__init__" and one.args.vararg is None:
            text += attributes(one, "    ") + function(one, "    ")
        elif not one.name.startswith("_"):
            text += function(one, "    ")
    return text + "    ...\n"


def codes(node):
    """An enumeration without fields."""
    members = [one for one in node.body if isinstance(one, ast.Assign)]
    return headed(node) + "".join(f"    {ast.unparse(one)}\n" for one in members)


def variants(node, bases, common=""):
    """A type of several variants, each with its fields: the type, and after it one subtype of it per variant."""
    whole, after = headed(node, bases) + common, ""
    for one in nested(node):
        name = f"_{node.name}_{one.name}"
        whole += f"    {one.name}: typing.TypeAlias = {name}\n"
        after += f"\nclass {name}({node.name}):\n{said(one, '    ')}"
        for init in functions(one):
            if init.name == "__init__":
                after += attributes(init, "    ") + function(init, "    ")
    for one in functions(node):
        if not one.name.startswith("_"):
            whole += function(one, "    ")
    return whole + "    ...\n" + after


def errors(node, module):
    """The types of its variants' fields are set as the bindings read them; what all of them have, the error has."""
    read = {}
    for call in ast.walk(module):
        named = isinstance(call, ast.Call) and ast.unparse(call.func).startswith(f"{node.name}.")
        if named and all(isinstance(one, ast.Call) for one in call.args):
            read[call.func.attr] = [READ[ast.unparse(one.func.value)] for one in call.args]
    shared = None
    for one in nested(node):
        init = next(one for one in functions(one) if one.name == "__init__")
        for field, told in zip(init.args.args[1:], read[one.name], strict=True):
            field.annotation = ast.parse(told, mode="eval").body
        fields = {field.arg: ast.unparse(field.annotation) for field in init.args.args[1:]}
        shared = fields if shared is None else {name: shared[name] for name in shared if name in fields}
    common = "".join(f"    {name}: {told}\n" for name, told in (shared or {}).items())
    return variants(node, ["Exception"], common)


def stub(source):
    module = ast.parse(source)
    names = exported(module)
    # An error stands there twice; the latter has its variants.
    found = {node.name: node for node in module.body if hasattr(node, "name")}
    text = HEAD
    for node in module.body:
        is_alias = isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in ("str", "int")
        if is_alias:
            text += ast.unparse(node) + "\n"
    raised = {node.name for node in module.body if isinstance(node, ast.ClassDef) and bases(node) == ["Exception"]}
    for name in names:
        node = found[name]
        if not isinstance(node, ast.ClassDef):
            text += "\n" + function(node)
        elif name in raised:
            text += errors(node, module)
        elif bases(node) == ["enum.Enum"]:
            text += codes(node)
        else:
            text += variants(node, []) if nested(node) else plain(node)
    return text


def bases(node):
    return [ast.unparse(base) for base in node.bases]
