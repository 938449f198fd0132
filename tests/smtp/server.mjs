// Takes mail on loopback and writes each as a line of JSON to standard output. Run: node server.mjs USER PASSWORD
import { SMTPServer } from "smtp-server";

const [user, password] = process.argv.slice(2);
const server = new SMTPServer({
    authOptional: !user,
    allowInsecureAuth: true,
    disabledCommands: user ? ["STARTTLS"] : ["STARTTLS", "AUTH"],
    onAuth(auth, session, done) {
        done(auth.username === user && auth.password === password ? null : new Error("wrong password"), { user: auth.username });
    },
    onData(stream, session, done) {
        let mail = "";
        stream.on("data", (piece) => (mail += piece));
        stream.on("end", () => {
            const to = session.envelope.rcptTo.map((receiver) => receiver.address);
            console.log(JSON.stringify({ from: session.envelope.mailFrom.address, to, mail }));
            done();
        });
    },
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.server.address().port })));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
