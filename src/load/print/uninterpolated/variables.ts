import { dumpYaml } from '../../../yaml/dump.ts'
import type { MapNode } from '../../../yaml/tree.ts'
import { type VariableUse, variablesIn } from '../../variable/variable-use.ts'

/** Every variable that the files use, by name. */
export function variablesOfFiles({ tree }: { tree: MapNode }): VariableUse[] {
  return variablesIn(tree).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Uses the field names of `docker compose config --variables` in each of its formats. */
export function variablesText(uses: readonly VariableUse[], format: 'yaml' | 'json' | undefined): string {
  if (format === 'json') return `${JSON.stringify(byName(uses, jsonForm), null, 4)}\n`
  return format === 'yaml' ? dumpYaml(byName(uses, yamlForm), 4) : tableOf(uses)
}

function byName(uses: readonly VariableUse[], form: (use: VariableUse) => unknown): Record<string, unknown> {
  return Object.fromEntries(uses.map((use) => [use.name, form(use)]))
}

function jsonForm({ name, default: value = '', alternate = '', required }: VariableUse) {
  return { Name: name, DefaultValue: value, PresenceValue: alternate, Required: required }
}

function yamlForm({ name, default: value = '', alternate = '', required }: VariableUse) {
  return { name, defaultvalue: value, presencevalue: alternate, required }
}

/** The minimum width of columns, and the distance between them. */
const WIDTH = 20
const GAP = 3

function tableOf(uses: readonly VariableUse[]): string {
  const rows = [['NAME', 'REQUIRED', 'DEFAULT VALUE', 'ALTERNATE VALUE'], ...uses.map(cellsOf)]
  const widths = [0, 1, 2].map((column) => Math.max(WIDTH, ...rows.map((row) => (row[column] ?? '').length + GAP)))
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(''))
  return lines.map((line) => `${line}\n`).join('')
}

function cellsOf({ name, required, default: value = '', alternate = '' }: VariableUse): string[] {
  return [name, String(required), value, alternate]
}
