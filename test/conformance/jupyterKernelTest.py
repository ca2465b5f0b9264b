"""jupyter_kernel_test with the samples for TypeScript. Expects the kernelspec `convoscope` on JUPYTER_PATH."""

import unittest

import jupyter_kernel_test


class TypeScriptTests(jupyter_kernel_test.KernelTests):
    kernel_name = "convoscope"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("an error")'
    code_generate_error = 'throw new RangeError("generated")'
    code_display_data = [
        {"code": "await display(html`<b>bold</b>`); undefined", "mime": "text/html"},
        {"code": "await display(svg`<svg xmlns='http://www.w3.org/2000/svg'/>`); undefined", "mime": "image/svg+xml"},
        {"code": "await display(md`# title`); undefined", "mime": "text/markdown"},
    ]
    code_execute_result = [
        {"code": "1 + 2 + 3", "result": "6"},
        {"code": "[1, 2, 3].map((each): number => each * 2)", "result": "[ 2, 4, 6 ]"},
        {"code": "const word: string = 'wort'; word.length", "result": "4"},
        {"code": "await Promise.resolve(5 * 5)", "result": "25"},
        {"code": "html`<i>x</i>`", "result": "<i>x</i>", "mime": "text/html"},
    ]

    completion_samples = [
        {"text": "Math.sq", "matches": {"sqrt"}},
        {"text": "'text'.toUpper", "matches": {"toUpperCase"}},
        {"text": "const list = [1]; list.rev", "matches": {"reverse"}},
    ]
    complete_code_samples = [
        "1 + 1",
        "const a = [\n  1,\n];",
        "function f(): number {\n  return 1;\n}",
        "const s = `a ${1} b`",
        "interface A { a: number }",
        "/[(]/.test('(')",
        "// only a comment",
    ]
    incomplete_code_samples = [
        "function f(): number {",
        "f(",
        "const a = [1,",
        "const s = `a ${",
        "if (true) {\n  f();",
        "/* a comment",
        "const sum = 1 +",
    ]
    invalid_code_samples = ["} }", "let 5 = a", "f(1))", "const = 3"]

    code_page_something = "console?"
    code_inspect_sample = "Math.sqrt"
    code_clear_output = "await clearOutput()"

    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "1 + 2*"


class WelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "convoscope"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main(verbosity=2)
