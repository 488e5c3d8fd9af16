package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verdicts of a file: no node, no root. */
class VerdictTest {

  private static Outcome verdict(String... args) {
    String[] all = new String[args.length + 2];
    all[0] = "verdict";
    all[1] = "-";
    System.arraycopy(args, 0, all, 2, args.length);
    return Outcome.withInput(PolicyTopology.YAML, all);
  }

  @Test
  void whatIsDeniedIsToldWithThePoliciesThatIsolate() {
    assertThat(verdict("client", "server", "tcp/81").expect(ExitStatus.DONE).out())
        .isEqualTo(
            """
            SOURCE  DESTINATION  PROTOCOL  DIRECTION  DECISION  WHY
            client  server       tcp/81    egress     allow     not isolated
            client  server       tcp/81    ingress    deny      default deny: isolated by default/deny, default/web

            tcp/81 from client to server: denied
            """);
  }

  /** Of blocks within one another the smallest counts; an answer is not judged. */
  @Test
  void aDeniedSourceIsToldWithItsBlock() {
    String denying =
        PolicyTopology.YAML
            .replace("  networks:\n", "  denyFrom: [192.0.2.0/24, 192.0.0.0/16]\n  networks:\n")
            .replace("{name: red,", "{name: red, uplink: up0,");
    String[] question = {"verdict", "-", "192.0.2.1", "server", "tcp/80"};
    assertThat(Outcome.withInput(denying, question).expect(ExitStatus.DONE).out())
        .isEqualTo(
            """
            SOURCE     DESTINATION  PROTOCOL  DIRECTION  DECISION  WHY
            192.0.2.1  server       tcp/80    egress     allow     not an endpoint, not judged
            192.0.2.1  server       tcp/80    ingress    deny      denied from 192.0.2.0/24: spec.denyFrom

            tcp/80 from 192.0.2.1 to server: denied
            """);
    question[2] = "server";
    question[3] = "192.0.2.1";
    assertThat(Outcome.withInput(denying, question).expect(ExitStatus.DONE).out())
        .endsWith("tcp/80 from server to 192.0.2.1: allowed\n");
  }

  /** A block is of one family. */
  @Test
  void addressesAreToldWhereTheyDiffer() {
    assertThat(verdict("client", "server", "tcp/9000").expect(ExitStatus.DONE).out())
        .isEqualTo(
            """
            SOURCE                DESTINATION           PROTOCOL  DIRECTION  DECISION  WHY
            client 10.0.1.2       server 10.0.2.2       tcp/9000  egress     allow     not isolated
            client 10.0.1.2       server 10.0.2.2       tcp/9000  ingress    allow     default/web ingress[1]
            client fd00:0:0:1::2  server fd00:0:0:2::2  tcp/9000  egress     allow     not isolated
            client fd00:0:0:1::2  server fd00:0:0:2::2  tcp/9000  ingress    deny      default deny: isolated by default/deny, default/web

            tcp/9000 from client to server: allowed between some addresses, denied between others
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "client,server,tcp/80,allowed,default/web ingress[0]",
    "client,server,UDP/53,allowed,default/web ingress[0]",
    "10.0.1.2,10.0.2.2,tcp/http,allowed,default/web ingress[0]",
    "client,server,sctp/80,denied,default deny",
    "client,server,47,denied,default deny",
    "client,server,89,denied,default deny",
    "server,server,icmp,allowed,an endpoint reaches itself",
    "node,server,tcp/81,allowed,the node reaches its endpoints",
    "10.0.1.1,server,tcp/81,allowed,the node reaches its endpoints",
    "server,node,icmpv6,allowed,'not an endpoint, not judged'",
    "192.0.2.1,server,tcp/80,denied,default deny",
    "10.0.1.9,server,tcp/9009,allowed,default/web ingress[1]",
    "10.0.1.200,server,tcp/9009,denied,default deny",
    "server,2001:db8::1,tcp/443,allowed,not isolated",
  })
  void whoIsMeant(String from, String to, String service, String verdict, String why) {
    assertThat(verdict(from, to, service).expect(ExitStatus.DONE).out())
        .containsPattern("from %s to %s: %s\n$".formatted(from, to, verdict))
        .contains(why);
  }

  @Test
  void theStatusTellsTheVerdictIfAskedTo() {
    verdict("client", "server", "tcp/80", "--exit-code").expect(ExitStatus.DONE);
    verdict("client", "server", "tcp/81", "--exit-code").expect(ExitStatus.FAILED);
    verdict("client", "server", "tcp/9000", "--exit-code").expect(ExitStatus.FAILED);
  }

  @ParameterizedTest
  @CsvSource({
    "clent,server,icmp,no endpoint clent in pair; did you mean 'client'?",
    "client,10.0.0.300,icmp,'no endpoint 10.0.0.300 in pair; there are: client, server'",
    "client,server,tcp/htp,server has no port htp of tcp; did you mean 'http'?",
    "client,server,udp/http,server has no port http of udp; there is none",
    "client,192.0.2.1,tcp/http,192.0.2.1 is no endpoint",
    "192.0.2.1,node,icmp,neither 192.0.2.1 nor node is an endpoint of pair",
    "192.0.2.1,server,icmpv6,192.0.2.1 and server have no addresses of one family",
  })
  void whatThereIsNotIsNamed(String from, String to, String service, String message) {
    Outcome outcome = verdict(from, to, service).expect(ExitStatus.BAD_INPUT);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).startsWith("sluice: " + message);
  }

  @Test
  void asADocument(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("pair.yaml"), PolicyTopology.YAML);
    String[] question = {"verdict", file.toString(), "client", "server", "tcp/81", "-o", "json"};
    assertThat(Outcome.of(question).expect(ExitStatus.DONE).out())
        .isEqualTo(
            """
            {
              "topology": "pair",
              "source": "client",
              "destination": "server",
              "protocol": "tcp",
              "port": 81,
              "verdict": "deny",
              "verdicts": [
                {
                  "verdict": "deny",
                  "addresses": [
                    {
                      "source": "10.0.1.2",
                      "destination": "10.0.2.2"
                    },
                    {
                      "source": "fd00:0:0:1::2",
                      "destination": "fd00:0:0:2::2"
                    }
                  ],
                  "egress": {
                    "decision": "allow",
                    "why": "not-isolated",
                    "rules": [],
                    "isolatedBy": [],
                    "deniedBy": []
                  },
                  "ingress": {
                    "decision": "deny",
                    "why": "default-deny",
                    "rules": [],
                    "isolatedBy": [
                      "default/deny",
                      "default/web"
                    ],
                    "deniedBy": []
                  }
                }
              ]
            }
            """);
  }
}
