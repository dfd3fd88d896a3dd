import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fillCommand } from './hook-quoting.ts'

const fill = (template: string, x: string, more: Readonly<Record<string, string>> = {}): string => fillCommand(template, new Map(Object.entries({ x, ...more })))

/** Every value tries to leave a file behind, to end the quoting it stands in, or to be taken for something it is not. */
const hostile = [
  "it's", "doesn't; touch pwned", '$(touch pwned)', '`touch pwned`', '"; touch pwned; "', "'; touch pwned; '", 'a\ntouch pwned\n', '\\', "\\'; touch pwned #",
  '\\"$(touch pwned)', '(touch pwned)', '{touch,pwned}', '| touch pwned', '&& touch pwned', '> pwned', '<(touch pwned)', '~', '*', '#x', '-n; touch pwned', '!!',
  'a b', ' leading', '${IFS}', '$((1+1))', 'EOF\ntouch pwned', ')$(touch pwned)(', "$'\\x27'; touch pwned", 'ä 中文 (1)', "' \" ` $ \\ ; & | < > ( ) { } * ? [ ] ! # ~ =", '[touch pwned]',
]

/** Runs each script in an empty folder, in a shell of its own; answers what each printed, after seeing that no command of a value ran. */
function run(scripts: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'hook-quoting-'))
  try {
    const each = 'for script in "$@"; do (eval "$script"); printf "\\0"; done'
    const { stdout } = spawnSync('bash', ['-c', each, 'bash', ...scripts], { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '' } })
    assert.deepEqual(readdirSync(folder), [], `a value became code in one of: ${scripts.join('\n')}`)
    return stdout.split('\0').slice(0, -1)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Where the value stands, the command, and what is printed for it. */
const exact: readonly (readonly [where: string, template: string, printed: (value: string) => string])[] = [
  ['a bare word', 'printf "[%s]" {x}', value => value],
  ['inside of a bare word', 'printf "[%s]" a{x}b', value => `a${value}b`],
  ['single quotes', "printf '[%s]' '{x}'", value => value],
  ['single quotes around more', "printf '[%s]' 'a {x} b'", value => `a ${value} b`],
  ['double quotes', 'printf "[%s]" "{x}"', value => value],
  ['a substitution in double quotes', 'printf "[%s]" "$(printf %s "{x}")"', value => value.replace(/\n+$/, '')],
  ['a bare word in a substitution', 'printf "[%s]" "$(printf %s {x})"', value => value.replace(/\n+$/, '')],
  ['a subshell', "(printf '[%s]' '{x}')", value => value],
  ['after a comment with an apostrophe', "# don't\nprintf '[%s]' '{x}'", value => value],
  ['after a variable in braces', "X=1; printf '[%s]' \"${Y:+}\"'{x}'", value => value],
  ['after an escaped quote', "printf '[%s]' \\'{x}\\'", value => `'${value}'`],
]

test('a value arrives exactly, whatever is in it, wherever the quoting can be told', () => {
  for (const [where, template, printed] of exact) {
    const outputs = run(hostile.map(value => fill(template, value)))
    hostile.forEach((value, index) => assert.equal(outputs[index], `[${printed(value)}]`, `${where}: ${JSON.stringify(value)}`))
  }
})

const uncertain: Readonly<Record<string, string>> = {
  'back-quotes': 'printf "[%s]" `echo {x}`',
  'back-quotes in double quotes': 'printf "[%s]" "`echo \'{x}\'`"',
  'a here-document': 'cat <<EOF\n{x}\nEOF\n',
  'a quoted here-document': "cat <<'EOF'\n{x}\nEOF\n",
  'a here-string': 'cat <<< "{x}"',
  'ANSI-C quoting': "printf '[%s]' $'{x}'",
  'after ANSI-C quoting': "printf '[%s]' $'it\\'s' '{x}'",
  'arithmetic': 'echo $(( 1 + {x} ))',
  'a default': 'echo "${NOTHING:-{x}}"',
  'a pattern': "case a in a) echo '{x}';; esac",
  'a pattern in a substitution': 'echo "$(case a in a) echo \'{x}\';; esac)"',
  'right after a dollar': 'echo ${x}',
  'right after a dollar in double quotes': 'echo "${x}"',
  'right after a backslash': 'echo \\{x}',
  'right after a backslash in double quotes': 'echo "\\{x}"',
  'a comment': '# {x}\necho done',
  'a comment at the end': 'echo done # {x}',
  'two in a row': 'echo "{x}{x}" {x}{x}',
}

test('no value becomes code where the quoting is uncertain or strange', () => {
  for (const template of Object.values(uncertain)) assert.equal(run(hostile.map(value => fill(template, value))).length, hostile.length)
})

test('plain values stay as they are in every place, so commands read as ever', () => {
  for (const template of [...exact.map(([, template]) => template), ...Object.values(uncertain)]) {
    assert.equal(fill(template, 'db140.example.com:3306,db141-eu:3307'), template.replaceAll('{x}', 'db140.example.com:3306,db141-eu:3307'))
  }
})

test('blanks, parentheses and semicolons of a description stay as they are in quotes', () => {
  const description = 'Intermediate master cannot be reached by orchestrator and its (single) replica is failing to connect; really'
  assert.equal(fill("echo 'Failed: {x}' >> /var/log/it", description), `echo 'Failed: ${description}' >> /var/log/it`)
  assert.equal(fill('echo "Failed: {x}" >> /var/log/it', description), `echo "Failed: ${description}" >> /var/log/it`)
  assert.equal(fill("echo 'in case of {x}'", 'a (b); c'), "echo 'in case of a (b); c'")
})

test('an apostrophe in single quotes is written so that the shell reads an apostrophe', () => {
  assert.equal(fill("echo '{x}'", "doesn't"), "echo 'doesn'\\''t'")
})

test('unknown placeholders stay, known ones are replaced everywhere, values are not read again', () => {
  assert.equal(fill('echo {x} {successorHost} {x}', 'db1'), 'echo db1 {successorHost} db1')
  assert.equal(fill('echo {x}', '{y}', { y: 'no' }), 'echo \\{y\\}')
  assert.equal(fill('{ echo {x}; }', 'db1'), '{ echo db1; }')
})

test('a value may be empty and a zero byte is dropped', () => {
  assert.equal(fill('notify.sh {x} now', ''), 'notify.sh  now')
  assert.equal(fill("echo '{x}'", 'a\0b'), "echo 'ab'")
})
