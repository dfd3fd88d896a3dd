/** The account that the original's documents ask for; more grants are named by the server where they would help. */
export const accountStatements = `CREATE USER 'orchestrator'@'%' IDENTIFIED BY 'choose-a-password';
GRANT SUPER, PROCESS, REPLICATION SLAVE, RELOAD ON *.* TO 'orchestrator'@'%';
GRANT SELECT ON mysql.slave_master_info TO 'orchestrator'@'%';`
