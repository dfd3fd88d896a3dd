/** Why a move to, from or of a binlog server is not planned; spread into refusals.ts. Sentences of the original stay as they are. */
export const binlogServerRefusals = {
  'binlog-server-behind': { class: 'conflict', says: 'repoint: binlog server {target} is not sufficiently up to date to repoint {replica} below it' },
  'binlog-server-source-unknown': { class: 'conflict', says: 'Cannot find master {source}' },
  'binlog-server-by-hand': { class: 'conflict', says: 'Relocating binlog server {replica} below {target} turns to be too complex; please do it manually' },
  'no-binlog-server': { class: 'conflict', says: 'no binlog server found among the replicas of {instance}' },
} as const
