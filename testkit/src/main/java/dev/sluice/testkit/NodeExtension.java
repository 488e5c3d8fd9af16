package dev.sluice.testkit;

import dev.sluice.core.node.Node;
import dev.sluice.core.node.ThrowawayNode;
import dev.sluice.core.sys.Users;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test that asks for a {@link Node} one of its own, in a fresh network namespace, and
 * removes it with all it holds afterwards. Without the privilege to make namespaces the test fails;
 * it is never skipped.
 */
public final class NodeExtension implements ParameterResolver {

  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(NodeExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Node.class;
  }

  @Override
  public Node resolveParameter(ParameterContext parameter, ExtensionContext context) {
    if (!Users.hasNetAdmin()) {
      throw new IllegalStateException(
          "this test needs root: CAP_NET_ADMIN and CAP_SYS_ADMIN, to make network namespaces");
    }
    return context
        .getStore(STORE)
        .getOrComputeIfAbsent(
            "node-" + parameter.getIndex(),
            key -> ThrowawayNode.create(context.getDisplayName()),
            ThrowawayNode.class)
        .node();
  }
}
