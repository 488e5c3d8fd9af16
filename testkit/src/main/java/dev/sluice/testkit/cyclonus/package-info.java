/**
 * The foreign suite: 230 cases of Kubernetes NetworkPolicy, converted from <a
 * href="https://github.com/mattfenwick/cyclonus">cyclonus</a> (MIT, {@code LICENSE.cyclonus} among
 * the resources). Each case as topology files, one a step, and what has to pass, without a kernel;
 * and {@code PolicySuite}, which runs the cases on a datapath with real packets.
 */
package dev.sluice.testkit.cyclonus;
