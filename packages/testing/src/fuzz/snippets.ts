/** What people paste without a fence: code of many languages, and what programs write. Each as it was copied. */
export const SNIPPETS: Record<string, string> = {
  python: `def __run__(self, *args, **kwargs):
    # a comment with *stars* and _lines_
    if __name__ == "__main__":
        x = a * b * c ** 2
        print(f"{x!r:>10}", *args, sep="\\t")
    return [i for i in range(10) if i % 2 == 0]`,
  javascript: `const s = \`a \${b} *c*\`;
function* gen() { yield* other(); }
const re = /[*_]+\\/\\*(.*?)\\*\\//g;
export default async (a, ...rest) => ({ ...a, [\`\${k}_x\`]: rest });`,
  typescript: `interface Box<T extends Record<string, unknown>> {
  readonly value: T | null;
  map<U>(f: (t: T) => U): Box<U>;
}
type A = B[keyof C] & \`\${string}_\${number}\`;`,
  c: `#include <stdio.h>
int main(int argc, char **argv) {
    char *p = *argv, *q = p + 1; /* both */
    return *p * *q == 0 && !(*p & ~*q);
}`,
  cpp: `template <typename T>
std::vector<std::unique_ptr<T>> make(const T &a, T *b) {
  std::cout << a << "**" << *b << std::endl;
  return {};
}`,
  java: `/**
 * Runs it.
 * @param args the *arguments*
 */
@Override
public static void main(String[] args) throws IOException {
    List<Map<String, ? super T>> list = new ArrayList<>();
}`,
  go: `package main

import "fmt"

func (s *Server) Serve(ctx context.Context, ch <-chan *Item) (err error) {
	for i := range *s.items { ch <- &i }
	fmt.Printf("%*d_%s\\n", 5, 3, "x")
	return nil
}`,
  rust: `fn main() -> Result<(), Box<dyn std::error::Error>> {
    let v: Vec<&'static str> = vec!["a", "b"];
    println!("{:>5}|{:_<8}|{:*^9}", 1, 2, *x);
    Ok(())
}`,
  ruby: `def method_missing(name, *args, **opts, &block)
  super unless name =~ /\\A_(\\w+)_\\z/
  puts "#{name}: #{args * ','}"
end`,
  php: `<?php
$a = ['x' => &$b, 'y' => \`date\`];
foreach ($a as $_k => $_v) { echo "{$_k}_{$_v}" . PHP_EOL; }`,
  sql: `SELECT u.*, COUNT(*) AS n_rows FROM users u
LEFT JOIN orders o ON o.user_id = u.id -- *all* of them
WHERE u.name LIKE '%_a_%' AND o.total * 1.19 > 10
GROUP BY u.id;`,
  html: `<!doctype html>
<div class="a_b c_d" onclick="alert('*x*')">
  <p>&nbsp;&amp; text</p>
</div>`,
  css: `.a > .b:not(.c)::before { content: "**"; margin: -1px auto; }
* { box-sizing: border-box; }`,
  json: `{
  "name": "__run__",
  "files": ["**/*.ts", "src/**/_*.js"],
  "n": [1, 2, { "a": null }]
}`,
  yaml: `services:
  web:
    image: "a:*"
    ports:
      - 80:80
      - "443:443"
    # a comment
    command: ["--x", '*']`,
  toml: `[package]
name = "x"
version = "1.0"
[dependencies]
a_b = { version = "*", features = ["c_d"] }`,
  makefile: `all: $(OBJ)
	$(CC) -o $@ $^ $(LDFLAGS)
%.o: %.c
	@echo "** $*"`,
  diff: `diff --git a/x.ts b/x.ts
index 3f2504e..4f89a1d 100644
--- a/x.ts
+++ b/x.ts
@@ -1,4 +1,4 @@ function *a() {
 const x = 1;
-const y = a * b;
+const y = a ** b;
- removed
+ added`,
  pythonTrace: `Traceback (most recent call last):
  File "/srv/app/__main__.py", line 12, in <module>
    __run__(*args)
  File "/srv/app/_core_.py", line 3, in __run__
    raise ValueError("*bad*")
ValueError: *bad*`,
  javaTrace: `Exception in thread "main" java.lang.NullPointerException: Cannot invoke "a.b_c()"
	at com.example.A.<init>(A.java:12)
	at com.example.B.lambda$main$0(B.java:34)
Caused by: java.io.IOException: *
	... 12 more`,
  nodeTrace: `TypeError: Cannot read properties of undefined (reading '__proto__')
    at Object.<anonymous> (/srv/a_b/index.js:1:7)
    at async Promise.all (index 0)`,
  log: `2024-01-02T03:04:05.678Z INFO  [worker-1] job_id=42 *retry* 3/5
2024-01-02 03:04:06,789 ERROR db_pool: timeout (_after_ 5s) <nil>
[12:03:04] <ann> did **it** work?
Jan  2 03:04:05 host kernel: [ 12.345] usb 1-1: new *device*`,
  shell: `$ grep -rn "TODO" --include='*.ts' . | awk -F: '{print $1}' | sort | uniq -c
$ for f in *.js; do mv "$f" "\${f%.js}.ts"; done && echo \`date\` >> ~/log_file_$(date +%F).txt
$ find . -name '*_test_*' -not -path './node_modules/*' -exec rm {} \\;
$ curl -s 'https://example.org/a?b=1&c=*' 2>&1 > /dev/null`,
  powershell: `PS C:\\Users\\ann_lee> Get-ChildItem -Path *.txt | Where-Object { $_.Length -gt 1kb }`,
  mail: `From: Ann Lee <ann.lee@example.org>
Subject: Re: *plan* for _Friday_

> > are you coming?
> yes, at six

On Mon, Ben wrote:
-- 
Ben`,
  paths: `C:\\Users\\_build_\\out\\*.dll and \\\\srv\\share\\__pycache__
/usr/local/lib/python3/site-packages/pkg/__init__.py
~/.config/a_b/c_d/*.json ./src/**/*.ts path/_build_/out file_name_v2_final.docx`,
  expressions: `2*3*4 = 24 and a*b*c, x_1 + x_2 = y_3
f(x) = 3 * x ** 2 - 1 / (2*x) and 5 > 3 < 7
i*j*k = -1 ~ 2~3 a[i][j] (b)[c](d) |x| || y && z`,
  regexes: `^(?:\\*+|_+)[^*_]*\\1$ and [\\w.*+-]+@[\\w-]+ and \\\\d{2,}
/(\\*\\*|__)(.*?)\\1/g, s/\\*\\([^*]*\\)\\*/\\1/g`,
  table: ` id | name   | n_items
----+--------+---------
  1 | a_b_c  |      12
  2 | *star* |       3
(2 rows)`,
  asciiTable: `+----+-------+
| id | *name*|
+----+-------+
|  1 | a_b   |
+----+-------+`,
  latex: `$x_1^2 + y_{i,j}$ and \\alpha_\\beta \\[ \\sum_{n=1}^{\\infty} \\frac{1}{n^2} \\]`,
  cron: `* * * * * /usr/bin/a_b --x
*/5 0 1,15 * * user cmd *`,
  ini: `[section_one]
key = *value*
; comment
path=/a/_b_/c`,
  xml: `<?xml version="1.0"?>
<a:b xmlns:a="urn:x_y"><![CDATA[ *x* ]]></a:b>`,
  dockerfile: `FROM node:20 AS build
COPY --from=0 /a/* ./_b_/
RUN npm ci && echo "**done**"`,
  csv: `id;name;"a_b_c"
1;"x, *y*";_z_`,
};
