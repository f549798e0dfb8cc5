import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** Whether the process belongs to the group that its terminal listens to. */
export function isInForeground(pid: number): boolean {
  const [group, foreground] = groupsOf(pid)
  return group !== undefined && group === foreground
}

/** The process's group, and the one in the foreground of its terminal. */
function groupsOf(pid: number): string[] {
  try {
    // proc(5): after the name in parentheses come state, parent, group, session, terminal, and the terminal's foreground group.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return [fields[2] ?? '', fields[5] ?? '']
  } catch {
    const { spawnSync }: typeof import('node:child_process') = createRequire(import.meta.url)('node:child_process')
    const { stdout } = spawnSync('ps', ['-o', 'pgid=', '-o', 'tpgid=', '-p', String(pid)], { encoding: 'utf8' })
    return (stdout ?? '').trim().split(/\s+/)
  }
}
