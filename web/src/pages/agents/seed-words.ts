/** What the record of a seed says of its steps and of what went wrong, in Chinese. The record itself is kept in English, as the original's is. */
const inChinese: readonly (readonly [RegExp, string])[] = [
  [/^getting target agent info for (.+)$/, '正在向目标 $1 的代理询问信息'],
  [/^getting source agent info for (.+)$/, '正在向来源 $1 的代理询问信息'],
  [/^Checking MySQL status on target (.+)$/, '检查目标 $1 的 MySQL 状态'],
  [/^Looking up available snapshots on source (.+)$/, '在来源 $1 上查找可用的快照'],
  [/^Checking mount point on source (.+)$/, '检查来源 $1 的挂载点'],
  [/^(\S+) Mounting logical volume: (.+)$/, '$1 挂载逻辑卷 $2'],
  [/^MySQL data volume on source host (\S+) is an unknown number of bytes$/, '来源 $1 上 MySQL 数据的大小未知'],
  [/^MySQL data volume on source host (\S+) is (\d+) bytes$/, '来源 $1 上的 MySQL 数据为 $2 字节'],
  [/^Erasing MySQL data on (.+)$/, '清除 $1 上的 MySQL 数据'],
  [/^Acquiring target host datadir free space on (.+)$/, '读取目标 $1 数据目录的可用空间'],
  [/^(\S+) will now receive data in background$/, '$1 开始在后台接收数据'],
  [/^Waiting (\d+) seconds for (\S+) to start listening for incoming data$/, '等待 $1 秒，让 $2 开始监听传入的数据'],
  [/^(\S+) will now send data to (\S+) in background$/, '$1 开始在后台向 $2 发送数据'],
  [/^Copied (\d+)\/(\d+) bytes \((\d+)%\)$/, '已复制 $1/$2 字节（$3%）'],
  [/^Executing post-copy command on (.+)$/, '在 $1 上执行复制完成后的命令'],
  [/^(\S+) Unmounting logical volume: (.+)$/, '$1 卸载逻辑卷 $2'],
  [/^Starting MySQL on target: (.+)$/, '在目标 $1 上启动 MySQL'],
  [/^Submitting MySQL instance for discovery: (.+)$/, '提交 $1 的 MySQL 以供发现'],
  [/^Done$/, '完成'],
  [/^MySQL is running on target host\. Cowardly refusing to proceed\. Please stop the MySQL service$/, '目标上的 MySQL 正在运行，因此不继续。请先停止 MySQL'],
  [/^No logical volumes found on source host$/, '来源上没有找到逻辑卷'],
  [/^Volume already mounted on source host; please unmount$/, '来源上已经挂载了卷，请先卸载'],
  [/^The volume (\S+) is not mounted on source host (\S+)$/, '卷 $1 没有挂载在来源 $2 上'],
  [/^No MySQL data found in the volume (\S+) on source host (\S+)$/, '在来源 $2 的卷 $1 中没有找到 MySQL 数据'],
  [/^The agent of (\S+) did not say its logical volumes$/, '$1 的代理没有说明其逻辑卷'],
  [/^The agent of (\S+) did not say its mount point$/, '$1 的代理没有说明其挂载点'],
  [/^The agent of (\S+) did not say the free space of its data folder$/, '$1 的代理没有说明其数据目录的可用空间'],
  [/^The agent of (\S+) did not say whether MySQL is running$/, '$1 的代理没有说明 MySQL 是否在运行'],
  [/^Not enough disk space on target host (\S+)\. Required: (\d+), available: (\d+)\. Bailing out\.$/, '目标 $1 的磁盘空间不足：需要 $2 字节，可用 $3 字节。到此为止。'],
  [/^10 iterations have passed without progress\. Bailing out\.$/, '连续 10 次查看都没有进展。到此为止。'],
]

/** Null: nobody has put it into that language; what agents say themselves stays as it is. */
export function seedText(text: string, language: string): string | null {
  if (language !== 'zh') return null
  const found = inChinese.find(([pattern]) => pattern.test(text))
  return found === undefined ? null : text.replace(found[0], found[1])
}
