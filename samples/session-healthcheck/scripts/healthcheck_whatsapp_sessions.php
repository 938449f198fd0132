<?php
// Stands where the script of the health check stood, so that crontabs and habits go on working:
//
//   php scripts/healthcheck_whatsapp_sessions.php --dry-run             what would be done; nothing is changed
//   php scripts/healthcheck_whatsapp_sessions.php --verbose             every channel shown
//   php scripts/healthcheck_whatsapp_sessions.php --silent-hours=4      whoever was silent for 4 hours counts
//
// All of it is done by the server, which keeps what it finds. With packs/session-healthcheck.yaml no crontab is needed at all.
declare(strict_types=1);

$command = array_map('escapeshellarg', ['pontual', 'sessions', 'check', ...array_slice($argv, 1)]);
passthru(implode(' ', $command), $exitCode);
exit($exitCode);
