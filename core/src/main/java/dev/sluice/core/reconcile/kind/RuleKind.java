package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Rule;
import dev.sluice.core.netlink.route.RuleMessage;
import dev.sluice.core.netlink.route.RuleRequests;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Routing rules of the node; ours by their protocol. */
final class RuleKind implements Kind<Rule> {

  @Override
  public Class<Rule> type() {
    return Rule.class;
  }

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {
    for (RuleMessage message : here.rules()) {
      if (message.protocol() == Mark.PROTOCOL) {
        ours.accept(
            new Rule(
                here.netns(),
                message.isV4(),
                message.priority(),
                message.inputLink().orElse(""),
                message.markMask() == 0
                    ? Optional.empty()
                    : Optional.of(new Rule.Marked(message.mark(), message.markMask())),
                message.table()));
      }
    }
  }

  /** Rules stand beside one another: none is in the way. */
  @Override
  public Optional<String> foreign(World world, Rule wanted) {
    return Optional.empty();
  }

  @Override
  public boolean updatable(Rule from, Rule to) {
    return true;
  }

  @Override
  public List<Action> create(Rule rule) {
    return List.of(
        new Action.Netlink(rule.netns(), Phase.GUARD, names -> RuleRequests.add(request(rule))));
  }

  /** The new one first: without any, packets would be looked up in the main table. */
  @Override
  public List<Action> update(Rule from, Rule to) {
    return List.of(create(to).get(0), deletion(from, Phase.GUARD));
  }

  /** Before the filters of what comes in by it. */
  @Override
  public List<Action> delete(Rule rule) {
    return List.of(deletion(rule, Phase.LINK));
  }

  private static Action deletion(Rule rule, Phase phase) {
    return new Action.Removal(rule.netns(), phase, names -> RuleRequests.delete(request(rule)));
  }

  private static RuleRequests.NewRule request(Rule rule) {
    return new RuleRequests.NewRule(
        rule.v4(),
        rule.iif(),
        rule.marked().map(Rule.Marked::value).orElse(0),
        rule.marked().map(Rule.Marked::mask).orElse(0),
        rule.table(),
        rule.priority(),
        Mark.PROTOCOL);
  }
}
