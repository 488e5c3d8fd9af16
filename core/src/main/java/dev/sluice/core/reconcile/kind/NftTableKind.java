package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.nft.NftScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** nftables tables of the node; ours by name. */
final class NftTableKind implements Kind<NftTable> {

  @Override
  public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {
    here.tables().forEach(ours);
  }

  @Override
  public Optional<String> foreign(World world, NftTable wanted) {
    return Optional.empty();
  }

  @Override
  public boolean updatable(NftTable from, NftTable to) {
    return true;
  }

  @Override
  public List<Action> create(NftTable table) {
    return List.of(first(table, NftScript.replace(table)));
  }

  @Override
  public List<Action> update(NftTable from, NftTable to) {
    List<String> transactions = NftScript.change(from, to);
    List<Action> out = new ArrayList<>();
    for (String script : transactions) {
      out.add(
          out.isEmpty()
              ? first(to, script)
              : new Action.Nft(to.netns(), Phase.FILTER_LAST, script));
    }
    return out;
  }

  @Override
  public List<Action> delete(NftTable table) {
    return List.of(first(table, NftScript.delete(table)));
  }

  private static Action first(NftTable table, String script) {
    return new Action.Nft(table.netns(), Phase.FILTER, script);
  }
}
