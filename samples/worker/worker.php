<?php

// A worker in PHP. It claims runs of the task "count" and counts, a line a second; pack.yaml beside it has the job.
//
//   PONTUAL_URL=http://127.0.0.1:4000 PONTUAL_TOKEN=… php worker.php

declare(strict_types=1);

const LEASE = 5; // seconds that the server waits for a sign before it lets another worker try; one is given each second

$worker = 'php-' . getmypid();

/** Asks the server. @throws RuntimeException when it refuses or does not answer */
function ask(string $verb, array $body): array
{
    global $worker;
    $answer = @file_get_contents(getenv('PONTUAL_URL') . "/api/v1/worker/$verb", false, stream_context_create(['http' => [
        'method' => 'POST',
        'header' => ['Content-Type: application/json', 'Authorization: Bearer ' . getenv('PONTUAL_TOKEN')],
        'content' => json_encode(['worker' => $worker] + $body),
        'timeout' => 40, // longer than the wait of a claim
        'ignore_errors' => true, // the answer says what is wrong
    ]]));
    $json = $answer === '' ? [] : json_decode((string) $answer, true);
    if (!is_array($json) || isset($json['status'])) {
        throw new RuntimeException($json['detail'] ?? 'the server did not answer');
    }

    return $json;
}

/** The work itself. @throws RuntimeException when the server wants it to stop */
function count_up(array $run, array $key): array
{
    $to = $run['parameters']['to'] ?? $run['args']['to'] ?? 3;
    for ($i = 1; $i <= $to; $i++) {
        sleep(1);
        $said = ask('heartbeat', ['lease_seconds' => LEASE, 'runs' => [$key + ['output' => "$i\n"]]]);
        if ($said['runs'][0]['next'] === 'stop') {
            throw new RuntimeException('stopped');
        }
    }

    return ['counted' => $to];
}

while (true) {
    try {
        $claim = ask('claim', ['tasks' => ['count'], 'wait' => 20, 'lease_seconds' => LEASE]);
        foreach ($claim['runs'] as $run) {
            $key = ['run_id' => $run['run_id'], 'token' => $run['token']];
            try {
                ask('complete', $key + ['result' => count_up($run, $key)]);
            } catch (RuntimeException $problem) {
                ask('fail', $key + ['error' => $problem->getMessage()]);
            }
        }
    } catch (RuntimeException $problem) {
        fwrite(STDERR, $problem->getMessage() . "\n");
        sleep(1);
    }
}
