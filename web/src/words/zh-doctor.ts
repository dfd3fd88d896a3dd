/** 体检项目的中文：检查什么；发现的问题；如何修正。代码与 src/model/doctor 中的表一致。 */
export const zhDoctor: Readonly<Record<string, { readonly looksAt: string; readonly says: string; readonly mend: string }>> = {
  'server-unreachable': {
    looksAt: '服务器有应答',
    says: '无法读取 {{server}}：{{text}}',
    mend: '检查它是否在运行、能否从这里连接；已不再使用的服务器：orchestrator -c forget -i {{server}}',
  },
  'access-denied': {
    looksAt: '我方账号可以登录并读取',
    says: '{{server}} 拒绝我方登录：{{text}}',
    mend: '在该服务器上按 MySQLTopologyUser 及其密码创建账号，并执行：{{grant}}',
  },
  'privilege-missing': {
    looksAt: '我方账号拥有恢复所需的权限',
    says: '{{server}}：我方账号缺少 {{privilege}}，它用于{{purpose}}',
    mend: '执行：GRANT {{privilege}} ON *.* TO {{account}}',
  },
  'privilege-wanted': {
    looksAt: '我方账号拥有其他操作所需的权限',
    says: '{{server}}：我方账号缺少 {{privilege}}，它用于{{purpose}}',
    mend: '执行：GRANT {{privilege}} ON *.* TO {{account}}',
  },
  'table-not-readable': { looksAt: '可以读取含有更多复制信息的表', says: '{{server}}：无法读取 {{table}}，因而对其复制了解较少', mend: '执行：{{grant}}' },
  'server-id-zero': {
    looksAt: '服务器有 ID',
    says: '{{server}} 的 server_id 为 0：既不能有复制源，也不能有从库',
    mend: '用 SET PERSIST 将 server_id 设为其他服务器未使用的数字（MariaDB：SET GLOBAL，并写入配置文件）',
  },
  'binary-log-off': { looksAt: '写入二进制日志', says: '{{server}} 不写二进制日志：永远不能提升为主库，也不能有从库', mend: '以 --log-bin 启动' },
  'binlog-format': {
    looksAt: 'binlog_format 为 ROW',
    says: '{{server}} 的 binlog_format 为 {{format}}：同一语句在从库上的结果可能与复制源不同',
    mend: "执行 SET GLOBAL binlog_format = 'ROW'，并写入配置文件",
  },
  'binlog-row-image': {
    looksAt: 'binlog_row_image 为 FULL',
    says: '{{server}} 的 binlog_row_image 为 {{image}}：在数据不一致的从库上无法区分各行，也无法从日志中恢复',
    mend: "执行 SET GLOBAL binlog_row_image = 'FULL'，并写入配置文件",
  },
  'commits-not-durable': {
    looksAt: '提交在确认之前已写入磁盘',
    says: '{{server}} 的 {{variable}} = {{value}}：主机宕机时会丢失已确认的事务，而从库可能已有它们',
    mend: '执行 SET GLOBAL {{variable}} = 1，并写入配置文件',
  },
  'gtid-off': {
    looksAt: '已启用 GTID',
    says: '{{server}} 的 gtid_mode 为 {{mode}}：迁移与故障切换只能按文件与位置进行，或无法进行',
    mend: '先启用 enforce_gtid_consistency，再在集群的所有服务器上逐步将 gtid_mode 改为 ON（OFF_PERMISSIVE、ON_PERMISSIVE、ON）',
  },
  'gtid-not-enforced': {
    looksAt: '拒绝 GTID 无法承载的语句',
    says: '{{server}} 的 {{variable}} = {{value}}：GTID 无法承载的语句不会被拒绝',
    mend: '执行 SET GLOBAL {{variable}} = ON，并写入配置文件',
  },
  'clock-differs': {
    looksAt: '服务器与本机的时钟一致',
    says: '{{server}} 的时钟比本机{{direction}} {{seconds}} 秒：对延迟和从库数据新旧的判断会出错',
    mend: '让两台主机都通过 NTP 校时',
  },
  'semi-sync-too-few': {
    looksAt: '半同步复制源有它所等待的从库',
    says: '{{server}} 等待 {{wanted}} 台半同步从库，现有 {{clients}} 台：写入会停住直到 {{milliseconds}} 毫秒超时，此后没有从库确认',
    mend: '在更多从库上启用半同步：orchestrator -c enable-semi-sync-replica -i 从库',
  },
  'semi-sync-goes-on-alone': {
    looksAt: '半同步主库在连接的从库不足时也会等待',
    says: '{{server}} 的 {{variable}} = OFF：一旦连接的半同步从库不足，它就会确认任何从库都没有的写入，并且不等任何超时',
    mend: '执行 SET GLOBAL {{variable}} = ON，并写入配置文件',
  },
  'semi-sync-after-commit': {
    looksAt: '半同步在提交可见之前等待',
    says: '{{server}} 的 {{variable}} = {{value}}：从库收到之前事务已对其他会话可见，之后可能丢失',
    mend: "执行 SET GLOBAL {{variable}} = 'AFTER_SYNC'，并写入配置文件",
  },
  'semi-sync-replica-idle': {
    looksAt: '半同步从库会确认',
    says: '{{server}} 应为半同步从库，却没有确认任何内容',
    mend: '确认其复制源已启用半同步，再重启其接收线程：orchestrator -c restart-replica -i {{server}}',
  },
  'report-host-missing': {
    looksAt: '服务器报告自己的名称',
    says: '{{server}} 没有 report_host：使用 {{setting}} 时无法发现或命名它',
    mend: '以 --report-host 启动 {{server}}，取值为他人连接它所用的名称；端口不同时再加 --report-port',
  },
  'replica-updates-not-logged': {
    looksAt: '从库记录其应用的内容',
    says: '{{server}} 不将应用的内容写入二进制日志：不能作为其他服务器的复制源，提升它也无法保留其从库',
    mend: '以 --log-replica-updates 启动（MySQL 8.0.26 之前及 MariaDB：--log-slave-updates）',
  },
  'auto-position-off': {
    looksAt: '从库使用已有的 GTID',
    says: 'GTID 已启用，但 {{server}} 仍按文件与位置复制',
    mend: '执行：orchestrator -c enable-gtid -i {{server}}',
  },
  'relay-log-recovery': {
    looksAt: '重启会保留已接收的内容',
    says: '{{server}} 启用了 relay_log_recovery：重启会丢弃已接收但尚未应用的内容；复制源故障时其他服务器可能没有它们',
    mend: '在配置文件中设置 relay_log_recovery = 0；使用 GTID 时不需要它',
  },
  'net-timeout-long': {
    looksAt: '从库能及时发现复制源没有响应',
    says: '{{server}} 要在 {{seconds}} 秒之后才会发现复制源没有响应（{{variable}}）',
    mend: '执行 SET GLOBAL {{variable}} = 10，并写入配置文件；心跳周期在下次指定它的 CHANGE 时更新，默认为其一半',
  },
  'heartbeat-too-rare': {
    looksAt: '心跳在从库放弃之前到达',
    says: '{{server}} 每 {{period}} 秒期待一次心跳，却在 {{seconds}} 秒后放弃（{{variable}}）：空闲的复制源会被当作故障，从库反复重连',
    mend: '将该通道的心跳周期设为 {{variable}} 的一半以内：停止接收线程，CHANGE … HEARTBEAT_PERIOD = {{half}}，再启动',
  },
  'receiver-gives-up': {
    looksAt: '复制源离线期间，接收线程会一直重试',
    says: '{{server}} 重试 {{attempts}} 次（{{minutes}} 分钟）后放弃：复制源离线更久再回来时，不会被继续跟随，直到有人启动接收线程',
    mend: '执行 STOP REPLICA IO_THREAD; CHANGE REPLICATION SOURCE TO SOURCE_RETRY_COUNT = {{wanted}}; START REPLICA IO_THREAD（自 MySQL 8.4 起默认只重试 10 次）',
  },
  'several-channels': {
    looksAt: '服务器只有一个复制通道',
    says: '{{server}} 通过 {{channels}} 个通道复制：只显示，不变更',
    mend: '只保留一个通道，或由人工处理该服务器的故障切换',
  },
  'replication-filters': {
    looksAt: '从库应用全部内容',
    says: '{{server}} 过滤所应用的内容：数据不完整，不得提升为主库',
    mend: '用 CHANGE REPLICATION FILTER 取消过滤；或禁止提升它：orchestrator -c register-candidate -i {{server}} --promotion-rule must_not',
  },
  'replica-writable': {
    looksAt: '从库拒绝写入',
    says: '{{server}} 是从库，却接受写入',
    mend: '执行 orchestrator -c set-read-only -i {{server}}，并在配置文件中设置 read_only = 1',
  },
  'super-read-only-off': {
    looksAt: '从库也拒绝管理员写入',
    says: '{{server}} 是从库，却接受管理员写入（super_read_only 未启用）',
    mend: '执行 SET PERSIST super_read_only = ON；设置 UseSuperReadOnly 后 orchestrator 也会设置它',
  },
  'older-than-source': {
    looksAt: '从库的版本不低于其复制源',
    says: '{{server}}（{{version}}）的版本低于其复制源 {{source}}（{{sourceVersion}}）：可能无法理解收到的内容',
    mend: '先升级 {{server}}，再升级其复制源',
  },
  'commits-out-of-order': {
    looksAt: '从库按复制源的顺序提交',
    says: '{{server}} 以 {{workers}} 个工作线程应用且不保持提交顺序：其内容末尾会有空缺',
    mend: '停止应用线程后执行 SET PERSIST replica_preserve_commit_order = ON',
  },
  'credentials-unknown': {
    looksAt: '切换时可将复制账号交给其他服务器',
    says: '{{server}}：无法读取其复制账号，切换后原主库不能成为从库',
    mend: '允许我方账号读取它（MySQL：GRANT SELECT ON mysql.slave_master_info），或设置 ReplicationCredentialsQuery',
  },
  'duplicate-server-id': {
    looksAt: '集群中没有相同的 server_id',
    says: '{{servers}} 的 server_id 均为 {{value}}：会忽略彼此写入的内容，复制源会断开其中一台',
    mend: '为每台设置各自的 server_id，并重启其复制',
  },
  'duplicate-server-uuid': {
    looksAt: '集群中没有相同的 UUID',
    says: '{{servers}} 的 server_uuid 均为 {{value}}（复制数据目录所致）：复制源会断开其中一台',
    mend: '只留一台运行，停止其余各台，删除其数据目录中的 auto.cnf，再启动',
  },
  'durability-not-kept': {
    looksAt: '若主库此刻宕机，DurabilityPolicy 的承诺可以得到证明',
    says: '{{cluster}} 的 DurabilityPolicy 为 {{policy}}，若主库此刻宕机则不会自动提升任何从库：{{text}}',
    mend: '让主库成为一直等待的半同步源（rpl_semi_sync_source_enabled、rpl_semi_sync_source_timeout），并有足够多可连接的半同步从库',
  },
  'not-published': {
    looksAt: '所有外部存放处都记录了集群由谁接受写入',
    says: '{{place}} 没有记录 {{cluster}} 由谁接受写入：{{text}}',
    mend: '请确认 {{place}} 可以应答并接受写入；程序会在后台继续重试，也可立即重试：orchestrator -c submit-masters-to-kv-stores -alias {{cluster}}',
  },
  'gtid-modes-differ': {
    looksAt: '集群中所有服务器的 gtid_mode 相同',
    says: '{{cluster}} 中的 gtid_mode 不一致：{{modes}}',
    mend: '全部改为 ON；任意两台之间不得相差一步以上',
  },
  'no-account': {
    looksAt: '已配置用于服务器的账号',
    says: '没有配置用于读取服务器的账号',
    mend: '设置 MySQLTopologyUser 与 MySQLTopologyPassword，或 MySQLTopologyCredentialsConfigFile',
  },
  'unknown-key': { looksAt: '所有配置项均为已知', says: '配置项：{{text}}', mend: '更正或删除该项：它不起作用' },
  'setting-remark': { looksAt: '所有设置均如其所写', says: '设置：{{text}}', mend: '该设置的取值见 docs/generated/settings.md' },
  'recovery-off': {
    looksAt: '有主库会被自动替换',
    says: '{{setting}} 为空：会发现并显示故障的主库，但不会自动替换',
    mend: '在其中列出需要自动恢复的集群；"*" 表示全部',
  },
  'filter-matches-nothing': {
    looksAt: '每个恢复过滤器都匹配某个集群',
    says: '{{setting}} 中的 {{filter}} 在已知的 {{clusters}} 个集群中没有匹配：它所指的集群不会被恢复',
    mend: '与以下命令列出的名称和别名核对：orchestrator -c clusters-alias',
  },
  'hook-not-found': {
    looksAt: '钩子的程序存在',
    says: '{{setting}}：其中一条命令的程序 {{program}} 不存在',
    mend: '在运行 orchestrator 的每台主机上安装 {{program}}，或更正该命令',
  },
  'hook-not-executable': {
    looksAt: '钩子的程序可以执行',
    says: '{{setting}}：我方无权执行 {{program}}',
    mend: '执行 chmod +x {{program}}，并确认 orchestrator 的账号可以访问它',
  },
}

/** 句子中由服务器给出的英文词。 */
export const zhDoctorValues: Readonly<Record<string, string>> = {
  'ahead': '快',
  'behind': '慢',
  'reading the state of replication': '读取复制状态',
  'reading the position in the binary log': '读取二进制日志的位置',
  'stopping, starting and changing replication': '停止、启动和变更复制',
  'setting read_only': '设置 read_only',
  'making a promoted server forget its source': '让被提升的服务器不再有复制源',
  'finding replicas that are connected': '发现已连接的从库',
  'finding replicas that report themselves': '发现自行报告的从库',
  'killing a query': '终止查询',
}
