import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface ProcessCost {
  readonly cpuSeconds: number
  readonly residentMegabytes: number
  /** Bytes of all writes, to files and to sockets. */
  readonly writtenAnywhere: number
  /** Bytes that went, or are to go, to a disk, in whole pages. */
  readonly writtenToDisk: number
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** What a process and its children have cost so far, as the kernel counts it. Linux only. Source: proc(5). */
export function processCost(pid: number): ProcessCost {
  const own = costOf(pid)
  return childrenOf(pid).map(processCost).reduce((sum, child) => ({
    cpuSeconds: sum.cpuSeconds + child.cpuSeconds, residentMegabytes: sum.residentMegabytes + child.residentMegabytes,
    writtenAnywhere: sum.writtenAnywhere + child.writtenAnywhere, writtenToDisk: sum.writtenToDisk + child.writtenToDisk,
  }), own)
}

function costOf(pid: number): ProcessCost {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [userTicks, systemTicks] = [Number(fields[11]), Number(fields[12])]
  const io = readFileSync(`/proc/${pid}/io`, 'utf8')
  const counter = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(io)?.[1] ?? Number.NaN)
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN
  return {
    cpuSeconds: (userTicks + systemTicks) / ticksPerSecond, residentMegabytes: Number(resident) / 1024,
    writtenAnywhere: counter('wchar'), writtenToDisk: counter('write_bytes'),
  }
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(text => text !== '').map(Number)
}
