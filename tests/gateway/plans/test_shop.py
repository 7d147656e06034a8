"""The public benchmark of four subgraphs: how many fetches and waves the planner needs."""

from gateway.plan import Sequence
from tests.gateway.plans.planned import fetches, planned

HEAVY = """
    fragment User on User { id username name }
    fragment Review on Review { id body }
    fragment Product on Product { inStock name price shippingEstimate upc weight }
    query TestQuery {
      users {
        ...User
        reviews { ...Review product { ...Product reviews { ...Review author {
          ...User reviews { ...Review product { ...Product } } } } } }
      }
      topProducts {
        ...Product
        reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
      }
    }
"""


def test_the_heavy_query_takes_six_fetches_in_four_waves() -> None:
    """Entities of one wave and subgraph travel in one request, and nothing waits longer than it must."""
    node = planned("shop", HEAVY).node
    assert isinstance(node, Sequence)
    assert len(node.nodes) == 4
    assert len(list(fetches(node))) == 6


def test_a_query_of_one_subgraph_is_one_fetch() -> None:
    """Without anything from elsewhere there is no second request."""
    assert list(fetches(planned("shop", "{ users { id name } }").node)) == [("accounts", "{users{name id}}")]
